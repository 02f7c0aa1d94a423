import { child, detail, isoSeconds, type Resource } from "../../query/description.ts";
import { equality, ordered } from "../../query/operators.ts";
import { list, record } from "../../wire/element.ts";
import { userResource } from "../users/resource.ts";
import type { DataAlert } from "./model.ts";

export const dataAlertResource: Resource<DataAlert> = {
  element: "dataAlert",
  plural: "dataAlerts",
  attributes: [
    { name: "id", type: "luid", from: (alert) => alert.id },
    { name: "subject", type: "string", from: (alert) => alert.subject, filter: equality, sort: true },
    { name: "creatorId", type: "luid", from: ({ creator }) => creator.id },
    { name: "createdAt", type: "dateTime", from: (alert) => alert.createdAt, filter: ordered, sort: true },
    { name: "updatedAt", type: "dateTime", from: (alert) => alert.updatedAt, filter: ordered, sort: true },
    { name: "frequency", type: "string", from: (alert) => alert.frequency },
    { name: "public", type: "boolean", from: (alert) => alert.isPublic },
    { name: "suspended", type: "boolean", from: (alert) => alert.suspended },
    // Public clients ask for the alerts of one view so (tableau_tools).
    { name: "viewId", type: "luid", from: ({ view }) => view.id, show: "never", filter: equality },
    { name: "alertCondition", type: "string", from: (alert) => alert.condition, show: "single" },
    { name: "alertThreshold", type: "string", from: (alert) => alert.threshold, show: "single" },
  ],
  children: [
    child(
      "owner",
      () => userResource,
      (alert) => alert.owner,
      { shown: ["id", "name"] },
    ),
    // Public clients read names here that views leave out where they refer to workbook and project.
    detail("view", ({ view }) => {
      const { workbook } = view;
      return record("view", { id: view.id, name: view.name }, [
        record("workbook", { id: workbook.id, name: workbook.name }),
        record("project", { id: workbook.project.id, name: workbook.project.name }),
      ]);
    }),
    detail("recipients", ({ recipients }) => recipientsElement(recipients), "single"),
  ],
};

function recipientsElement(recipients: DataAlert["recipients"]) {
  const drawn = recipients.map(({ user, lastSent }) => {
    const sent = lastSent === undefined ? undefined : isoSeconds(lastSent);
    return record("recipient", { id: user.id, name: user.name, lastSent: sent });
  });
  return list("recipients", "recipient", drawn);
}
