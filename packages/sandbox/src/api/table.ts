import { extensionsApi } from "../extensions/routes.ts";
import { identityPoolsApi } from "../identity-pools/routes.ts";
import { metadataApi } from "../metadata/routes.ts";
import { pulseApi } from "../pulse/routes.ts";
import { searchApi } from "../search/routes.ts";
import { vizqlDataService } from "../vizql-data-service/routes.ts";
import type { JsonApi } from "./route.ts";

/** The APIs that are not below `/api/{version}`: each has its own JSON and its own errors. */
export const jsonApis: readonly JsonApi[] = [
  metadataApi,
  searchApi,
  vizqlDataService,
  pulseApi,
  extensionsApi,
  identityPoolsApi,
];
