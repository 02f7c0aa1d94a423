import type { Resource } from "../../query/description.ts";
import { drawPage } from "../../query/listing.ts";
import { exactly } from "../../query/operators.ts";
import { type Element, list, record, text } from "../../wire/element.ts";
import { errorElement, isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { attribute, element, read, repeated } from "../../wire/request-schema.ts";
import type { Route, SessionCall } from "../route.ts";
import { channels, type NotificationPreference, notificationTypes } from "./notifications.ts";

const path = "/sites/{siteId}/settings/notifications";

export const notificationRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "GET",
    template: path,
    body: "none",
    jwt: "tableau:user_notifications:read",
    role: "siteAdministrator",
    handle: listPreferences,
  },
  {
    kind: "session",
    method: "PATCH",
    template: path,
    body: "tsRequest",
    jwt: "tableau:user_notifications:update",
    role: "siteAdministrator",
    handle: changePreferences,
  },
];

const preferenceResource: Resource<NotificationPreference> = {
  element: "userNotificationsPreference",
  plural: "userNotificationsPreferences",
  attributes: [
    { name: "channel", type: "string", from: (preference) => preference.channel, filter: exactly },
    { name: "notificationType", type: "string", from: (preference) => preference.notificationType, filter: exactly },
    { name: "enabled", type: "boolean", from: (preference) => preference.enabled },
    { name: "disabledByOverride", type: "boolean", from: () => false },
  ],
};

/** There are few, and no pages of them: only `filter=` is read. */
function listPreferences({ session, query, scene }: SessionCall): Reply | Refusal {
  const onlyFilter = new URLSearchParams({ pageSize: "1000", filter: query.get("filter") ?? "" });
  const elements = drawPage(preferenceResource, session.site.notificationPreferences, onlyFilter, scene);
  return isRefusal(elements) ? elements : answer(...elements.slice(1));
}

const changeSchema = element({
  userNotificationsPreferences: element({
    userNotificationsPreference: repeated(
      element({ channel: attribute, notificationType: attribute, enabled: attribute }),
      channels.length * notificationTypes.length,
    ),
  }),
});

/** Changes each preference that it knows, and says of each how that went. */
function changePreferences({ session, content }: SessionCall): Reply | Refusal {
  const request = read(changeSchema, content);
  if (isRefusal(request)) return request;
  const asked = request.userNotificationsPreferences.userNotificationsPreference;
  const results = asked.map(({ channel, notificationType, enabled }) => {
    const known = session.site.notificationPreferences.find(
      (preference) => preference.channel === channel && preference.notificationType === notificationType,
    );
    const isFlag = /^(true|false)$/i.test(enabled);
    if (known !== undefined && isFlag) known.enabled = enabled.toLowerCase() === "true";
    const refusal = isFlag
      ? refuse("400003", `There is no notification '${notificationType}' by '${channel}'.`)
      : refuse("400003", `The value '${enabled}' of enabled is neither true nor false.`);
    const error = known !== undefined && isFlag ? undefined : errorElement(refusal);
    return resultElement({ channel, notificationType, enabled }, error);
  });
  return answer(list("notificationUpdateResult", "notificationUpdateStatus", results));
}

function resultElement(asked: Record<keyof NotificationPreference, string>, error: Element | undefined): Element {
  const preference = record("userNotificationsPreference", asked);
  const parts = [text("status", error === undefined ? "Success" : "Failed"), preference];
  return record("notificationUpdateStatus", {}, error === undefined ? parts : [...parts, error]);
}
