import { projectParams } from "@easel/api/manage";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Projects } from "../projects/projects.ts";
import { metadata } from "./issuer.ts";
import type { IssuerKeys } from "./keys.ts";

const organisationParams = projectParams.extend({ organisationKey: z.string().regex(/^[\w-]{22}$/) });
/** Both are asked for by Tableau Cloud, now the one and now the other (public reports). */
const DOCUMENTS = ["openid-configuration", "oauth-authorization-server"] as const;
/** Short beside the week that a key is published ahead. */
const CACHED = "public, max-age=300";

/** Easel as an external authorization server: who it is, and the keys that its signatures are checked with. Nothing here is secret. */
export function issuerRoutes(
  scope: FastifyInstance,
  parts: { projects: Projects; issuerKeys: IssuerKeys; origin: string },
): void {
  const { projects, issuerKeys, origin } = parts;
  const app = scope.withTypeProvider<ZodTypeProvider>();

  const projectUrl = async (projectId: string): Promise<string> =>
    `${origin}/issuers/${(await projects.get(projectId)).id}`;

  for (const document of DOCUMENTS) {
    const ofProject = { config: { access: "public" }, schema: { params: projectParams } } as const;
    const ofOrganisation = { config: { access: "public" }, schema: { params: organisationParams } } as const;
    // Below the issuer, and where RFC 8414 (section 3.1) looks for it: between the host and the issuer's path.
    for (const place of [
      `/issuers/:projectId/.well-known/${document}`,
      `/.well-known/${document}/issuers/:projectId`,
    ]) {
      app.get(place, ofProject, async (request, reply) => {
        const url = await projectUrl(request.params.projectId);
        return reply.header("cache-control", CACHED).send(metadata(url, url));
      });
    }
    for (const place of [
      `/issuers/:projectId/:organisationKey/.well-known/${document}`,
      `/.well-known/${document}/issuers/:projectId/:organisationKey`,
    ]) {
      app.get(place, ofOrganisation, async (request, reply) => {
        const url = await projectUrl(request.params.projectId);
        return reply.header("cache-control", CACHED).send(metadata(`${url}/${request.params.organisationKey}`, url));
      });
    }
  }

  app.get(
    "/issuers/:projectId/jwks.json",
    { config: { access: "public" }, schema: { params: projectParams } },
    async (request, reply) => {
      const { id } = await projects.get(request.params.projectId);
      return reply.header("cache-control", CACHED).send({ keys: await issuerKeys.published(id) });
    },
  );
}
