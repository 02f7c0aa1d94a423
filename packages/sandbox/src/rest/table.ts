import { authRoutes } from "./auth/routes.ts";
import { columnTagRoutes } from "./catalog/column-tags.ts";
import { databaseRoutes } from "./catalog/database-routes.ts";
import { lookupRoutes } from "./catalog/lookup.ts";
import { tableDefaultRoutes } from "./catalog/table-defaults.ts";
import { tableRoutes } from "./catalog/table-routes.ts";
import { connectedAppRoutes } from "./connected-applications/routes.ts";
import { customViewRoutes } from "./custom-views/routes.ts";
import { notificationRoutes } from "./data-alerts/notification-routes.ts";
import { dataAlertRoutes } from "./data-alerts/routes.ts";
import { datasourceRoutes } from "./datasources/routes.ts";
import { extractRoutes } from "./extracts/routes.ts";
import { favoriteRoutes } from "./favorites/routes.ts";
import { flowRunRoutes } from "./flow-runs/routes.ts";
import { flowRoutes } from "./flows/routes.ts";
import { groupSetRoutes } from "./group-sets/routes.ts";
import { groupRoutes } from "./groups/routes.ts";
import { jobRoutes } from "./jobs/routes.ts";
import { labelRoutes } from "./labels/label-routes.ts";
import { qualityRoutes } from "./labels/quality-routes.ts";
import { triggerRoutes } from "./labels/trigger-routes.ts";
import { labelValueRoutes } from "./labels/value-routes.ts";
import { mobileSecurityRoutes } from "./mobile-security/routes.ts";
import { personalAccessTokenRoutes } from "./personal-access-tokens/routes.ts";
import { projectRoutes } from "./projects/routes.ts";
import type { Route } from "./route.ts";
import { scheduleRoutes } from "./schedules/routes.ts";
import { scheduleTaskRoutes } from "./schedules/task-routes.ts";
import { serverRoutes } from "./server/routes.ts";
import { encryptionRoutes } from "./sites/encryption-routes.ts";
import { extensionRoutes } from "./sites/extension-routes.ts";
import { siteRoutes } from "./sites/routes.ts";
import { siteSettingsRoutes } from "./sites/settings-routes.ts";
import { siteSignInRoutes } from "./sites/sign-in-routes.ts";
import { subscriptionRoutes } from "./subscriptions/routes.ts";
import { tagBatchRoutes } from "./tag-batches.ts";
import { accelerationTaskRoutes } from "./tasks/acceleration-routes.ts";
import { extractTaskRoutes } from "./tasks/extract-routes.ts";
import { flowTaskRoutes } from "./tasks/flow-routes.ts";
import { linkedTaskRoutes } from "./tasks/linked-routes.ts";
import { uploadRoutes } from "./uploads/routes.ts";
import { userRoutes } from "./users/routes.ts";
import { recommendationRoutes } from "./views/recommendations.ts";
import { viewRoutes } from "./views/routes.ts";
import { virtualConnectionRoutes } from "./virtual-connections/routes.ts";
import { webhookRoutes } from "./webhooks/routes.ts";
import { workbookPictureRoutes } from "./workbooks/picture-routes.ts";
import { workbookRoutes } from "./workbooks/routes.ts";

/** Every route that the sandbox answers. */
export const routes: readonly Route[] = [
  ...serverRoutes,
  ...authRoutes,
  ...siteRoutes,
  ...siteSettingsRoutes,
  ...extensionRoutes,
  ...mobileSecurityRoutes,
  ...siteSignInRoutes,
  ...encryptionRoutes,
  ...connectedAppRoutes,
  ...personalAccessTokenRoutes,
  ...projectRoutes,
  ...workbookRoutes,
  ...workbookPictureRoutes,
  ...viewRoutes,
  ...recommendationRoutes,
  ...customViewRoutes,
  ...datasourceRoutes,
  ...extractRoutes,
  ...userRoutes,
  ...groupRoutes,
  ...groupSetRoutes,
  ...favoriteRoutes,
  ...jobRoutes,
  ...databaseRoutes,
  ...tableDefaultRoutes,
  ...tableRoutes,
  ...columnTagRoutes,
  ...lookupRoutes,
  ...labelRoutes,
  ...labelValueRoutes,
  ...qualityRoutes,
  ...triggerRoutes,
  ...tagBatchRoutes,
  ...virtualConnectionRoutes,
  ...flowRoutes,
  ...flowRunRoutes,
  ...extractTaskRoutes,
  ...flowTaskRoutes,
  ...linkedTaskRoutes,
  ...accelerationTaskRoutes,
  ...scheduleRoutes,
  ...scheduleTaskRoutes,
  ...subscriptionRoutes,
  ...dataAlertRoutes,
  ...notificationRoutes,
  ...webhookRoutes,
  ...uploadRoutes,
];
