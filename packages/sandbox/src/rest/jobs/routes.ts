import { isSiteAdministrator } from "../../auth/roles.ts";
import { draw, inLists } from "../../query/description.ts";
import { isRefusal, refuse } from "../../wire/refusals.ts";
import { answer } from "../../wire/reply.ts";
import { abandon } from "../publishing/publish.ts";
import { type Collection, find, listRoute, readItem } from "../reading.ts";
import type { Route } from "../route.ts";
import { cancel } from "./jobs.ts";
import type { Job } from "./model.ts";
import { backgroundJobResource, jobResource } from "./resource.ts";

const jobs: Collection<Job> = {
  path: "jobs",
  listed: backgroundJobResource,
  single: jobResource,
  items: (site) => site.jobs,
  scope: "tableau:jobs:read",
  role: "siteAdministrator",
  notFound: "404018",
  isIndexed: false,
  /** Administrators see all of them, others those that they started. */
  visibleTo: (user) => (job) => isSiteAdministrator(user) || job.startedBy === user,
};

export const jobRoutes: readonly Route[] = [
  listRoute(jobs),
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/jobs/{id}",
    body: "none",
    jwt: jobs.scope,
    role: "anyone",
    handle: (call) => readItem(jobs, call),
  },
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/jobs/{id}",
    body: "none",
    jwt: "tableau:jobs:update",
    role: "siteAdministrator",
    handle(call) {
      const job = find(jobs, call);
      if (isRefusal(job)) return job;
      if (cancel(call.session.site, job, call.scene.now) === "already ended") {
        return refuse("403091", "The job has ended and can't be cancelled.");
      }
      abandon(call.world.files, job);
      return answer(draw(jobResource, job, call.scene, inLists));
    },
  },
];
