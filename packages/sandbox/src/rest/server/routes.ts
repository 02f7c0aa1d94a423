import { record, text } from "../../wire/element.ts";
import { answer } from "../../wire/reply.ts";
import type { Route } from "../route.ts";
import { domainRoutes } from "./domains.ts";

/** The version that the sandbox says it is: Tableau Cloud 2025.3. */
export const restApiVersion = "3.27";

export const serverRoutes: readonly Route[] = [
  {
    kind: "open",
    method: "GET",
    template: "/serverinfo",
    body: "none",
    handle: () =>
      answer(
        record("serverInfo", {}, [
          text("productVersion", "2025.3.0", { build: "20253.25.1104.1204" }),
          text("prepConductorVersion", "20253.25.1104.1204"),
          text("restApiVersion", restApiVersion),
          text("platform", "linux"),
          record("serverSettings", {}, [
            text("oAuthEnabled", true),
            text("sheetImageMaxAgeFloor", 1),
            text("sheetImageMaxAgeCeiling", 720),
            text("offlineInteractionSupportedPhase", 2),
          ]),
        ]),
      ),
  },
  ...domainRoutes,
];
