import { detail, isoSeconds, type Resource } from "../../query/description.ts";
import { type Element, list, record, repeated, text } from "../../wire/element.ts";
import type { AuthorizationServer, ConnectedApp, ConnectedAppSecret } from "./model.ts";

/** The values of secrets are shown only where a secret is read for itself. */
export const connectedAppResource: Resource<ConnectedApp> = {
  element: "connectedApplication",
  plural: "connectedApplications",
  attributes: [
    { name: "clientId", type: "luid", from: (app) => app.clientId },
    { name: "createdAt", type: "dateTime", from: (app) => app.createdAt },
    { name: "domainSafelist", type: "string", from: (app) => app.domainSafelist || undefined },
    { name: "enabled", type: "boolean", from: (app) => app.enabled },
    { name: "name", type: "string", from: (app) => app.name },
    { name: "unrestrictedEmbedding", type: "boolean", from: (app) => app.unrestrictedEmbedding },
  ],
  children: [
    detail("secret", (app) =>
      repeated(
        "secret",
        app.secrets.map((secret) => drawSecret("secret", secret, "hidden")),
      ),
    ),
    detail("projectIds", ({ projectIds }) =>
      projectIds.length === 0
        ? undefined
        : list(
            "projectIds",
            "projectId",
            projectIds.map((id) => text("projectId", id)),
          ),
    ),
  ],
};

export function drawSecret(
  name: string,
  { id, value, createdAt }: ConnectedAppSecret,
  shown: "shown" | "hidden",
): Element {
  return record(name, { createdAt: isoSeconds(createdAt), id, value: shown === "shown" ? value : undefined });
}

export const authorizationServerResource: Resource<AuthorizationServer> = {
  element: "externalAuthorizationServer",
  plural: "externalAuthorizationServerList",
  attributes: [
    { name: "createdAt", type: "dateTime", from: (server) => server.createdAt },
    { name: "enabled", type: "boolean", from: (server) => server.enabled },
    { name: "id", type: "luid", from: (server) => server.id },
    { name: "issuerUrl", type: "string", from: (server) => server.issuerUrl },
    { name: "jwksUri", type: "string", from: (server) => server.jwksUri },
    { name: "name", type: "string", from: (server) => server.name },
  ],
};
