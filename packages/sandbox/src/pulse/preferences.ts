import * as z from "zod";
import type { JsonCall, JsonRoute } from "../api/route.ts";
import { isSiteAdministrator } from "../auth/roles.ts";
import type { User } from "../rest/users/model.ts";
import { isPulseRefusal, type PulseRefusal, refusePulse } from "./errors.ts";
import type { Preferences } from "./model.ts";
import { answer, type PulseAnswer, pulseRoute, readJson } from "./route.ts";

// The names are those that Tableau's sample sends (rest-api-samples, pulse/user-preferences).
const cadences = ["CADENCE_DAILY", "CADENCE_WEEKLY", "CADENCE_MONTHLY"] as const;
const channels = ["DELIVERY_CHANNEL_EMAIL", "DELIVERY_CHANNEL_SLACK"] as const;
const statuses = ["CHANNEL_STATUS_ENABLED", "CHANNEL_STATUS_DISABLED"] as const;
const groupings = [
  "GROUP_BY_DEFINITION_NAME",
  "GROUP_BY_TIME_RANGE",
  "GROUP_BY_RECENTLY_FOLLOWED",
  "GROUP_BY_DATASOURCE_LABEL",
] as const;
const orders = ["SORT_ORDER_ASCENDING", "SORT_ORDER_DESCENDING"] as const;

const changeSchema = z.looseObject({
  user_id: z.string().optional(),
  cadence: z.enum(cadences).optional(),
  channel_preferences_request: z
    .array(z.looseObject({ channel: z.enum(channels), status: z.enum(statuses) }))
    .max(channels.length)
    .default([]),
  metric_grouping_preferences: z
    .looseObject({ group_by: z.enum(groupings).optional(), sort_order: z.enum(orders).optional() })
    .default({}),
});

/** How users are told of the metrics that they follow, and how those are sorted. inferred: the scopes. */
export const preferenceRoutes: readonly JsonRoute[] = [
  pulseRoute("GET /user/preferences", "tableau:metric_subscriptions:read", (call) =>
    answer(drawPreferences(preferencesOf(call, call.session.user))),
  ),
  pulseRoute("PATCH /user/preferences", "tableau:metric_subscriptions:update", changePreferences),
];

function changePreferences(call: JsonCall): PulseAnswer {
  const request = readJson(changeSchema, call.content);
  if (isPulseRefusal(request)) return request;
  const user = findUser(call, request.user_id);
  if (isPulseRefusal(user)) return user;
  const { cadence, channel_preferences_request: asked, metric_grouping_preferences: grouping } = request;
  const now = preferencesOf(call, user);
  const changed = {
    cadence: cadence ?? now.cadence,
    channels: { ...now.channels, ...Object.fromEntries(asked.map(({ channel, status }) => [channel, status])) },
    groupBy: grouping.group_by ?? now.groupBy,
    sortOrder: grouping.sort_order ?? now.sortOrder,
  };
  call.scene.site.pulse.preferences.set(user.id, changed);
  return answer(drawPreferences(changed));
}

/** Whose preferences a request is about: the caller's, or for administrators anybody's. */
function findUser({ session, scene }: JsonCall, id: string | undefined): User | PulseRefusal {
  if (id === undefined || id.toLowerCase() === session.user.id) return session.user;
  if (!isSiteAdministrator(session.user)) return refusePulse("403900");
  return scene.site.users.get(id.toLowerCase()) ?? refusePulse("404959", `There is no user '${id}'.`);
}

/** inferred: what they are before somebody changed them. */
function preferencesOf({ scene }: JsonCall, { id }: User): Preferences {
  const { preferences } = scene.site.pulse;
  return (
    preferences.get(id) ?? {
      cadence: "CADENCE_WEEKLY",
      channels: { DELIVERY_CHANNEL_EMAIL: "CHANNEL_STATUS_ENABLED", DELIVERY_CHANNEL_SLACK: "CHANNEL_STATUS_DISABLED" },
      groupBy: "GROUP_BY_DEFINITION_NAME",
      sortOrder: "SORT_ORDER_ASCENDING",
    }
  );
}

/** inferred: the answer is as the request, with the availability that the sample says Tableau adds. */
function drawPreferences({ cadence, channels: chosen, groupBy, sortOrder }: Preferences): object {
  return {
    cadence,
    channel_preferences: Object.entries(chosen).map(([channel, status]) => ({
      channel,
      status,
      availability: "CHANNEL_AVAILABILITY_AVAILABLE",
    })),
    metric_grouping_preferences: { group_by: groupBy, sort_order: sortOrder },
  };
}
