import { authRoutes } from "./auth/routes.ts";
import { datasourceRoutes } from "./datasources/routes.ts";
import { jobRoutes } from "./jobs/routes.ts";
import { projectRoutes } from "./projects/routes.ts";
import type { Route } from "./route.ts";
import { serverRoutes } from "./server/routes.ts";
import { siteRoutes } from "./sites/routes.ts";
import { uploadRoutes } from "./uploads/routes.ts";
import { userRoutes } from "./users/routes.ts";
import { viewRoutes } from "./views/routes.ts";
import { webhookRoutes } from "./webhooks/routes.ts";
import { workbookRoutes } from "./workbooks/routes.ts";

/** Every route that the sandbox answers. */
export const routes: readonly Route[] = [
  ...serverRoutes,
  ...authRoutes,
  ...siteRoutes,
  ...projectRoutes,
  ...workbookRoutes,
  ...viewRoutes,
  ...datasourceRoutes,
  ...userRoutes,
  ...jobRoutes,
  ...webhookRoutes,
  ...uploadRoutes,
];
