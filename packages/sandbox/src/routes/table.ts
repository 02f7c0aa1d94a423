import { authRoutes } from "./auth.ts";
import { datasourceRoutes } from "./datasources.ts";
import { jobRoutes } from "./jobs.ts";
import { projectRoutes } from "./projects.ts";
import type { Route } from "./route.ts";
import { serverRoutes } from "./server.ts";
import { siteRoutes } from "./sites.ts";
import { uploadRoutes } from "./uploads.ts";
import { userRoutes } from "./users.ts";
import { viewRoutes } from "./views.ts";
import { workbookRoutes } from "./workbooks.ts";

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
  ...uploadRoutes,
];
