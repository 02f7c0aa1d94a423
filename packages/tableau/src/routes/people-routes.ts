import { family } from "./route-line.ts";

const siteAdministrator = { role: "site administrator" } as const;

export const userRoutes = family("Users", [
  ["GET S/users", "List users", "users:read", siteAdministrator],
  ["POST S/users", "Add a user to the site", "users:create", siteAdministrator],
  ["GET S/users/{userId}", "Show a user", "users:read"],
  ["PUT S/users/{userId}", "Update a user", "users:update", siteAdministrator],
  ["DELETE S/users/{userId}", "Remove a user from the site", "users:delete", siteAdministrator],
  ["GET S/users/{userId}/groups", "List a user's groups", "users:read?", { since: "3.7" }],
  ["POST S/users/import", "Add users from a CSV file", "users:create", { ...siteAdministrator, since: "3.15" }],
  ["POST S/users/delete", "Remove users listed in a CSV file", "users:delete", { ...siteAdministrator, since: "3.15" }],
]);

export const groupRoutes = family("Groups", [
  ["GET S/groups", "List groups", "groups:read"],
  ["POST S/groups", "Create a group", "groups:create", siteAdministrator],
  ["PUT S/groups/{groupId}", "Update a group", "groups:update", siteAdministrator],
  ["DELETE S/groups/{groupId}", "Delete a group", "groups:delete", siteAdministrator],
  ["GET S/groups/{groupId}/users", "List a group's users", "groups:read", siteAdministrator],
  ["POST S/groups/{groupId}/users", "Add users to a group", "groups:update", siteAdministrator],
  [
    "PUT S/groups/{groupId}/users/remove",
    "Remove users from a group",
    "groups:update",
    { ...siteAdministrator, since: "3.21" },
  ],
  ["DELETE S/groups/{groupId}/users/{userId}", "Remove a user from a group", "groups:update", siteAdministrator],
  ["GET S/groupsets", "List group sets", "groupsets:read", { since: "3.22" }],
  ["POST S/groupsets", "Create a group set", "groupsets:create", { ...siteAdministrator, since: "3.22" }],
  ["GET S/groupsets/{groupSetId}", "Show a group set", "groupsets:read", { since: "3.22" }],
  ["PUT S/groupsets/{groupSetId}", "Update a group set", "groupsets:update", { ...siteAdministrator, since: "3.22" }],
  [
    "DELETE S/groupsets/{groupSetId}",
    "Delete a group set",
    "groupsets:delete",
    { ...siteAdministrator, since: "3.22" },
  ],
  [
    "PUT S/groupsets/{groupSetId}/groups/{groupId}",
    "Add a group to a group set",
    "groupsets:update",
    { ...siteAdministrator, since: "3.22" },
  ],
  [
    "DELETE S/groupsets/{groupSetId}/groups/{groupId}",
    "Remove a group from a group set",
    "groupsets:delete",
    { ...siteAdministrator, since: "3.22" },
  ],
]);

export const favoriteRoutes = family("Favorites", [
  ["GET S/favorites/{userId}", "List a user's favorites", "content:read?"],
  ["PUT S/favorites/{userId}", "Add a favorite", "favorites:update"],
  ["DELETE S/favorites/{userId}/{contentType}/{contentId}", "Remove a favorite", "favorites:delete"],
  ["PUT S/orderFavorites/{userId}", "Order a user's favorites", "favorites:update"],
]);

// inferred: Tableau lists no `subscriptions` scopes, and `tasks:read` is seen to open the list.
export const subscriptionRoutes = family("Subscriptions", [
  ["GET S/subscriptions", "List subscriptions", "tasks:read", { since: "2.3" }],
  ["POST S/subscriptions", "Create a subscription", "tasks:create?", { since: "2.3" }],
  ["GET S/subscriptions/{subscriptionId}", "Show a subscription", "tasks:read", { since: "2.3" }],
  ["PUT S/subscriptions/{subscriptionId}", "Update a subscription", "tasks:update?", { since: "2.3" }],
  ["DELETE S/subscriptions/{subscriptionId}", "Delete a subscription", "tasks:delete?", { since: "2.3" }],
]);

export const notificationRoutes = family("Alerts and notifications", [
  ["GET S/dataAlerts", "List data alerts", "data_driven_alerts:read", { since: "3.2" }],
  ["POST S/dataAlerts", "Create a data alert", "data_driven_alerts:create", { since: "3.20" }],
  ["GET S/dataAlerts/{dataAlertId}", "Show a data alert", "data_driven_alerts:read", { since: "3.2" }],
  ["PUT S/dataAlerts/{dataAlertId}", "Update a data alert", "data_driven_alerts:update", { since: "3.2" }],
  ["DELETE S/dataAlerts/{dataAlertId}", "Delete a data alert", "data_driven_alerts:delete", { since: "3.2" }],
  [
    "POST S/dataAlerts/{dataAlertId}/users",
    "Add a user to a data alert",
    "data_driven_alerts:create",
    { since: "3.2" },
  ],
  [
    "DELETE S/dataAlerts/{dataAlertId}/users/{userId}",
    "Remove a user from a data alert",
    "data_driven_alerts:delete",
    { since: "3.2" },
  ],
  ["GET S/settings/notifications", "Show notification settings", "user_notifications:read", siteAdministrator],
  ["PATCH S/settings/notifications", "Update notification settings", "user_notifications:update", siteAdministrator],
]);

export const webhookRoutes = family("Webhooks", [
  ["GET S/webhooks", "List webhooks", "webhooks:read", { ...siteAdministrator, since: "3.6" }],
  ["POST S/webhooks", "Create a webhook", "webhooks:create", { ...siteAdministrator, since: "3.6" }],
  ["GET S/webhooks/{webhookId}", "Show a webhook", "webhooks:read", { ...siteAdministrator, since: "3.6" }],
  ["PUT S/webhooks/{webhookId}", "Update a webhook", "webhooks:update", { ...siteAdministrator, since: "3.8" }],
  ["DELETE S/webhooks/{webhookId}", "Delete a webhook", "webhooks:delete", { ...siteAdministrator, since: "3.6" }],
  ["GET S/webhooks/{webhookId}/test", "Test a webhook", "webhooks:test", { ...siteAdministrator, since: "3.6" }],
]);
