import type { JsonCall } from "../api/route.ts";
import { isSiteAdministrator } from "../auth/roles.ts";
import type { Datasource } from "../rest/datasources/model.ts";
import { isMember } from "../rest/groups/model.ts";
import { may } from "../rest/permissions/effective.ts";
import type { User } from "../rest/users/model.ts";
import type { Site } from "../site/site.ts";
import { type PulseRefusal, refusePulse } from "./errors.ts";
import type { Definition, Follower, Metric } from "./model.ts";

/** Who asks, and where. */
export type Caller = Pick<JsonCall, "session" | "scene">;

/** A metric is seen by whoever may see its data source. */
export function sees({ session, scene }: Caller, definition: Definition): boolean {
  const datasource = datasourceOf(scene.site, definition.body.specification.datasource?.id);
  return datasource !== undefined && may(session.user, "Read", datasource);
}

export function datasourceOf(site: Site, id: string | undefined): Datasource | undefined {
  return site.datasources.get(id?.toLowerCase() ?? "");
}

export function findDefinition(caller: Caller, id: string | undefined): Definition | PulseRefusal {
  const definition = caller.scene.site.pulse.definitions.get(id?.toLowerCase() ?? "");
  return definition !== undefined && sees(caller, definition) ? definition : refusePulse("404900");
}

export function findMetric(caller: Caller, id: string | undefined): Metric | PulseRefusal {
  const metric = caller.scene.site.pulse.metrics.get(id?.toLowerCase() ?? "");
  return metric !== undefined && sees(caller, metric.definition) ? metric : refusePulse("404901");
}

/** A data source that the caller may read; what Pulse says where it is none. */
export function findSource({ session, scene }: Caller, id: string): Datasource | PulseRefusal {
  if (id === "") return refusePulse("400913");
  const datasource = datasourceOf(scene.site, id);
  if (datasource === undefined) return refusePulse("404939");
  return may(session.user, "Read", datasource) ? datasource : refusePulse("403901");
}

/** Whoever made a definition may change it, and administrators may. inferred. */
export function mayChange({ session }: Caller, { createdBy }: Definition): boolean {
  return isSiteAdministrator(session.user) || createdBy === session.user.id;
}

/** The users that a follower stands for: themselves, or a group's members. */
export function followersOf(site: Site, { kind, id }: Follower): User[] {
  if (kind === "user") {
    const user = site.users.get(id);
    return user === undefined ? [] : [user];
  }
  const group = site.groups.get(id);
  return group === undefined ? [] : Array.from(site.users.values()).filter((user) => isMember(user, group));
}

export function isFollowedBy(site: Site, follower: Follower, user: User): boolean {
  if (follower.kind === "user") return follower.id === user.id;
  const group = site.groups.get(follower.id);
  return group !== undefined && isMember(user, group);
}
