import { databaseRoutes, labelRoutes, qualityRoutes, searchRoutes } from "./catalog-routes.ts";
import { customViewRoutes, projectRoutes, uploadRoutes, viewRoutes, workbookRoutes } from "./content-routes.ts";
import {
  authorizationServerRoutes,
  connectedAppRoutes,
  identityRoutes,
  personalAccessTokenRoutes,
  savedCredentialRoutes,
} from "./credential-routes.ts";
import { datasourceRoutes, flowRoutes, queryRoutes, virtualConnectionRoutes } from "./data-routes.ts";
import { analyticsExtensionRoutes, dashboardExtensionRoutes } from "./extension-routes.ts";
import {
  favoriteRoutes,
  groupRoutes,
  notificationRoutes,
  subscriptionRoutes,
  userRoutes,
  webhookRoutes,
} from "./people-routes.ts";
import { permissionRoutes } from "./permission-routes.ts";
import type { TableauRoute } from "./route-line.ts";
import { serverRoutes, sessionRoutes, siteRoutes, siteSettingsRoutes, siteSignInRoutes } from "./server-routes.ts";
import { jobRoutes, pulseRoutes, scheduleRoutes, taskRoutes } from "./work-routes.ts";

/**
 * Every route of Tableau's APIs that Easel knows, by family, in the order in which a person would look for them.
 * It drives permission checks, consent words, the explorer's catalogue and every explained refusal.
 */
export const routeTable: readonly TableauRoute[] = [
  ...projectRoutes,
  ...workbookRoutes,
  ...viewRoutes,
  ...customViewRoutes,
  ...datasourceRoutes,
  ...queryRoutes,
  ...flowRoutes,
  ...virtualConnectionRoutes,
  ...uploadRoutes,
  ...jobRoutes,
  ...taskRoutes,
  ...scheduleRoutes,
  ...subscriptionRoutes,
  ...webhookRoutes,
  ...notificationRoutes,
  ...pulseRoutes,
  ...searchRoutes,
  ...favoriteRoutes,
  ...userRoutes,
  ...groupRoutes,
  ...permissionRoutes,
  ...databaseRoutes,
  ...qualityRoutes,
  ...labelRoutes,
  ...siteRoutes,
  ...siteSettingsRoutes,
  ...analyticsExtensionRoutes,
  ...dashboardExtensionRoutes,
  ...serverRoutes,
  ...sessionRoutes,
  ...siteSignInRoutes,
  ...connectedAppRoutes,
  ...authorizationServerRoutes,
  ...personalAccessTokenRoutes,
  ...savedCredentialRoutes,
  ...identityRoutes,
];
