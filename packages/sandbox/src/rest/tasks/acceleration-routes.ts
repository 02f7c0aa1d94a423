import { list } from "../../wire/element.ts";
import { refuse } from "../../wire/refusals.ts";
import { answer } from "../../wire/reply.ts";
import type { Route } from "../route.ts";

const path = "/sites/{siteId}/tasks/dataAcceleration";
const shared = { kind: "session", role: "siteAdministrator", edition: "server", body: "none" } as const;

/** Data acceleration ended with Tableau Server 2022.1: the routes are there still, and there is no task. */
export const accelerationTaskRoutes: readonly Route[] = [
  {
    ...shared,
    method: "GET",
    template: path,
    jwt: "tableau:data_acceleration_tasks:read",
    handle: () => answer(list("tasks", "task", [])),
  },
  {
    ...shared,
    method: "DELETE",
    template: `${path}/{id}`,
    jwt: "tableau:data_acceleration_tasks:delete",
    handle: () => refuse("404026", "There are no data acceleration tasks."),
  },
];
