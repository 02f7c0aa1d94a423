import { authRoutes } from "./auth/routes.ts";
import { columnTagRoutes } from "./catalog/column-tags.ts";
import { databaseRoutes } from "./catalog/database-routes.ts";
import { lookupRoutes } from "./catalog/lookup.ts";
import { tableDefaultRoutes } from "./catalog/table-defaults.ts";
import { tableRoutes } from "./catalog/table-routes.ts";
import { connectedAppRoutes } from "./connected-applications/routes.ts";
import { datasourceRoutes } from "./datasources/routes.ts";
import { jobRoutes } from "./jobs/routes.ts";
import { labelRoutes } from "./labels/label-routes.ts";
import { qualityRoutes } from "./labels/quality-routes.ts";
import { triggerRoutes } from "./labels/trigger-routes.ts";
import { labelValueRoutes } from "./labels/value-routes.ts";
import { personalAccessTokenRoutes } from "./personal-access-tokens/routes.ts";
import { projectRoutes } from "./projects/routes.ts";
import type { Route } from "./route.ts";
import { serverRoutes } from "./server/routes.ts";
import { encryptionRoutes } from "./sites/encryption-routes.ts";
import { siteRoutes } from "./sites/routes.ts";
import { siteSettingsRoutes } from "./sites/settings-routes.ts";
import { siteSignInRoutes } from "./sites/sign-in-routes.ts";
import { tagBatchRoutes } from "./tag-batches.ts";
import { uploadRoutes } from "./uploads/routes.ts";
import { userRoutes } from "./users/routes.ts";
import { viewRoutes } from "./views/routes.ts";
import { virtualConnectionRoutes } from "./virtual-connections/routes.ts";
import { webhookRoutes } from "./webhooks/routes.ts";
import { workbookRoutes } from "./workbooks/routes.ts";

/** Every route that the sandbox answers. */
export const routes: readonly Route[] = [
  ...serverRoutes,
  ...authRoutes,
  ...siteRoutes,
  ...siteSettingsRoutes,
  ...siteSignInRoutes,
  ...encryptionRoutes,
  ...connectedAppRoutes,
  ...personalAccessTokenRoutes,
  ...projectRoutes,
  ...workbookRoutes,
  ...viewRoutes,
  ...datasourceRoutes,
  ...userRoutes,
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
  ...webhookRoutes,
  ...uploadRoutes,
];
