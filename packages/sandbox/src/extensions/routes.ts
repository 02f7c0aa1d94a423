import { httpError } from "../api/http-error.ts";
import type { JsonApi } from "../api/route.ts";
import { analyticsRoutes } from "./analytics-routes.ts";
import { dashboardRoutes } from "./dashboard-routes.ts";
import { workbookConnectionRoutes } from "./workbook-routes.ts";

/** Settings of extensions, as Tableau's OpenAPI file has them. */
export const extensionsApi: JsonApi = {
  prefix: "/api/-/settings",
  routes: [...analyticsRoutes, ...workbookConnectionRoutes, ...dashboardRoutes],
  refusal: httpError,
};
