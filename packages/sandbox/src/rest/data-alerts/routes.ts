import { randomUUID } from "node:crypto";
import { isSiteAdministrator } from "../../auth/roles.ts";
import { alone, draw, inLists } from "../../query/description.ts";
import { record } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import { may } from "../permissions/effective.ts";
import { type Collection, find, itemRoute, listRoute } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import type { User } from "../users/model.ts";
import { userResource } from "../users/resource.ts";
import { alertConditions, alertFrequencies, type DataAlert } from "./model.ts";
import { dataAlertResource } from "./resource.ts";

/** On one site, and who gets one alert's mails; what comes on top is refused. */
const mostAlerts = 20_000;
const mostRecipients = 1_000;

const alerts: Collection<DataAlert> = {
  path: "dataAlerts",
  listed: dataAlertResource,
  items: (site) => site.dataAlerts,
  scope: "tableau:data_driven_alerts:read",
  role: "anyone",
  notFound: "404030",
  isIndexed: false,
  visibleTo: (user) => (alert) =>
    mayChange(user, alert) ||
    alert.recipients.some((recipient) => recipient.user === user) ||
    (alert.isPublic && may(user, "Read", alert.view)),
};

const one = "/sites/{siteId}/dataAlerts/{id}";
const shared = { kind: "session", role: "anyone" } as const;
const scope = (action: string) => `tableau:data_driven_alerts:${action}` as const;

export const dataAlertRoutes: readonly Route[] = [
  listRoute(alerts),
  itemRoute(alerts),
  {
    ...shared,
    method: "POST",
    template: "/sites/{siteId}/dataAlerts",
    body: "tsRequest",
    jwt: scope("create"),
    handle: createAlert,
  },
  { ...shared, method: "PUT", template: one, body: "tsRequest", jwt: scope("update"), handle: updateAlert },
  { ...shared, method: "DELETE", template: one, body: "none", jwt: scope("delete"), handle: deleteAlert },
  {
    ...shared,
    method: "POST",
    template: `${one}/users`,
    body: "tsRequest",
    jwt: scope("create"),
    handle: addRecipient,
  },
  {
    ...shared,
    method: "DELETE",
    template: `${one}/users/{userId}`,
    body: "none",
    jwt: scope("delete"),
    handle: removeRecipient,
  },
];

function mayChange(user: User, alert: DataAlert): boolean {
  return isSiteAdministrator(user) || alert.owner === user;
}

/** The alert of the path, if the caller may change it. */
function findOwn(call: SessionCall): DataAlert | Refusal {
  const alert = find(alerts, call);
  if (isRefusal(alert) || mayChange(call.session.user, alert)) return alert;
  return refuse("403004", "Changing a data alert needs its owner or a site administrator.");
}

/** Names in any letter case; `frequently` is what public clients call the first. */
function frequencyNamed(written: string): DataAlert["frequency"] | Refusal {
  const lower = written.toLowerCase();
  if (lower === "frequently") return "AsFrequentlyAsPossible";
  const known = alertFrequencies.find((frequency) => frequency.toLowerCase() === lower);
  return known ?? refuse("400003", `There is no frequency '${written}'.`);
}

const createSchema = element({
  dataAlertCreateAlert: element({
    subject: attribute.optional(),
    alertCondition: attribute.optional(),
    alertThreshold: attribute.optional(),
    frequency: attribute.optional(),
    visibility: attribute.optional(),
    device: attribute.optional(),
    worksheetName: attribute.optional(),
    viewId: attribute.optional(),
    customViewId: attribute.optional(),
  }),
});

function createAlert(call: SessionCall): Reply | Refusal {
  const request = read(createSchema, call.content);
  if (isRefusal(request)) return request;
  const asked = request.dataAlertCreateAlert;
  const { site, user } = call.session;
  const { subject = "", alertThreshold: threshold = "", worksheetName = "", visibility = "private" } = asked;
  if (subject.trim() === "") return refuse("400003", "A data alert must have a subject.");
  const condition = alertConditions.find((known) => known === asked.alertCondition);
  if (condition === undefined) return refuse("400003", `There is no condition '${asked.alertCondition}'.`);
  if (threshold.trim() === "" || Number.isNaN(Number(threshold)))
    return refuse("400003", "The threshold must be a number.");
  const frequency = frequencyNamed(asked.frequency ?? "Once");
  if (isRefusal(frequency)) return frequency;
  const view = site.views.get(asked.viewId?.toLowerCase() ?? "");
  if (view === undefined) return refuse("404011", `There is no view '${asked.viewId ?? asked.customViewId}'.`);
  if (!may(user, "Read", view)) return refuse("403004", `${user.name} isn't authorized to see '${view.id}'.`);
  if (site.dataAlerts.size >= mostAlerts) return refuse("400003", `A site has at most ${mostAlerts} data alerts.`);
  const times = { createdAt: call.scene.now, updatedAt: call.scene.now };
  const alert: DataAlert = {
    id: randomUUID(),
    ...{ subject, condition, threshold, frequency, worksheetName, view },
    isPublic: visibility.toLowerCase() === "public",
    suspended: false,
    creator: user,
    owner: user,
    recipients: [{ user, lastSent: undefined }],
    ...times,
  };
  site.dataAlerts.set(alert.id, alert);
  const attributes = { id: alert.id, subject, frequency, alertCondition: condition, alertThreshold: threshold };
  const place = { visibility: alert.isPublic ? "public" : "private", worksheetName, viewId: view.id };
  return created(record("dataAlertCreateAlert", { ...attributes, ...place }));
}

const updateSchema = element({
  dataAlert: element({
    subject: attribute.optional(),
    frequency: attribute.optional(),
    public: attribute.optional(),
    suspended: attribute.optional(),
    owner: element({ id: attribute.optional() }).optional(),
  }),
});

function updateAlert(call: SessionCall): Reply | Refusal {
  const alert = findOwn(call);
  if (isRefusal(alert)) return alert;
  const request = read(updateSchema, call.content);
  if (isRefusal(request)) return request;
  const { subject = alert.subject, public: visible, suspended, owner: asked } = request.dataAlert;
  if (subject.trim() === "") return refuse("400003", "A data alert must have a subject.");
  const frequency = frequencyNamed(request.dataAlert.frequency ?? alert.frequency);
  if (isRefusal(frequency)) return frequency;
  const owner = asked?.id === undefined ? alert.owner : call.session.site.users.get(asked.id.toLowerCase());
  if (owner === undefined) return refuse("404002", `There is no user '${asked?.id}'.`);
  const isPublic = visible === undefined ? alert.isPublic : visible.toLowerCase() === "true";
  const isSuspended = suspended === undefined ? alert.suspended : suspended.toLowerCase() === "true";
  Object.assign(alert, { subject, frequency, isPublic, suspended: isSuspended, owner, updatedAt: call.scene.now });
  return answer(draw(dataAlertResource, alert, call.scene, alone));
}

function deleteAlert(call: SessionCall): Reply | Refusal {
  const alert = findOwn(call);
  if (isRefusal(alert)) return alert;
  call.session.site.dataAlerts.delete(alert.id);
  return done;
}

const userSchema = element({ user: element({ id: attribute }) });

function addRecipient(call: SessionCall): Reply | Refusal {
  const alert = findOwn(call);
  if (isRefusal(alert)) return alert;
  const request = read(userSchema, call.content);
  if (isRefusal(request)) return request;
  const { site } = call.session;
  const user = site.users.get(request.user.id.toLowerCase());
  if (user === undefined) return refuse("404002", `There is no user '${request.user.id}'.`);
  // The code is Tableau's (REST reference, "Add user to data-driven alert"); its status is 403 there.
  if (!may(user, "Read", alert.view)) return refuse("409028", `${user.name} isn't authorized to see the alert's view.`);
  if (!alert.recipients.some((recipient) => recipient.user === user)) {
    if (alert.recipients.length >= mostRecipients) {
      return refuse("400003", `A data alert has at most ${mostRecipients} recipients.`);
    }
    alert.recipients.push({ user, lastSent: undefined });
  }
  return answer(draw(userResource, user, call.scene, inLists));
}

function removeRecipient(call: SessionCall): Reply | Refusal {
  const alert = findOwn(call);
  if (isRefusal(alert)) return alert;
  const id = call.parameters.userId ?? "";
  const left = alert.recipients.filter(({ user }) => user.id !== id.toLowerCase());
  if (left.length === alert.recipients.length) return refuse("404002", `There is no recipient '${id}'.`);
  alert.recipients = left;
  return done;
}
