import type { JsonApi } from "../api/route.ts";
import { briefRoutes } from "./brief.ts";
import { bundleRoutes } from "./bundles.ts";
import { definitionRoutes } from "./definitions.ts";
import { writeRefusal } from "./errors.ts";
import { metricRoutes } from "./metrics.ts";
import { preferenceRoutes } from "./preferences.ts";
import { pulseBase } from "./route.ts";
import { subscriptionRoutes } from "./subscriptions.ts";

/** Tableau Pulse (Tableau REST reference, "Pulse Methods"): metrics, who follows them, and what is found in them. */
export const pulseApi: JsonApi = {
  prefix: pulseBase,
  routes: [
    ...definitionRoutes,
    ...metricRoutes,
    ...subscriptionRoutes,
    ...preferenceRoutes,
    ...briefRoutes,
    ...bundleRoutes,
  ],
  refusal: writeRefusal,
};
