import { portalProbeRequestSchema } from "@easel/api/portal";
import type { Connector } from "@easel/connector";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Connecting } from "../credentials/connect.ts";
import { tableauUsername } from "../credentials/username.ts";
import { easelError } from "../http/errors.ts";
import { isAllowedOrigin } from "../http/origins.ts";
import type { Integration } from "../integrations/integrations.ts";
import type { SignInTries } from "../limits/sign-in-tries.ts";
import { isTableauAdministrator, organisationOf } from "../organisations/claims.ts";
import type { TrustInEffect } from "../organisations/trust-in-effect.ts";
import type { Project } from "../projects/projects.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { TrustDesk } from "../trusts/desk.ts";
import { ownedTrustShape } from "../trusts/shape.ts";
import { callerOf } from "./authentication.ts";
import type { Installs } from "./installs.ts";
import { portalContext } from "./portal-context.ts";

export interface PortalRouteParts {
  readonly connector: Connector;
  readonly connecting: Connecting;
  readonly installs: Installs;
  readonly tries: SignInTries;
  readonly sessions: Sessions;
  readonly trustInEffect: TrustInEffect;
  readonly trustDesk: TrustDesk;
}

const params = z.object({ projectId: z.string() });

/** What the Connect Portal itself asks, embedded (user token) and hosted (one-time code). */
export function portalRoutes(scope: FastifyInstance, parts: PortalRouteParts): void {
  const { connector, connecting, installs, tries, sessions, trustInEffect, trustDesk } = parts;
  const app = scope.withTypeProvider<ZodTypeProvider>();

  /** The organisation that this person may set Tableau up for; null for everybody else. */
  const administered = async ({ project, integration, claims }: Parameters<typeof portalContext>[0]) => {
    const organisation = organisationOf(claims, integration.organisationClaim);
    const isUnnamed = tableauUsername(claims, integration.usernameClaim) === null;
    if (organisation === null || isUnnamed || !isTableauAdministrator(claims)) return null;
    const owner = { projectId: project.id, integrationId: integration.id, organisation };
    return { organisation, ...(await ownedTrustShape(trustDesk, owner)) };
  };

  const contextFor = async (known: Parameters<typeof portalContext>[0]) => {
    const { project, integration, claims } = known;
    const trust = await trustInEffect.find({ projectId: project.id, integration, claims, organisation: null });
    const person = { ...known, integration: { ...integration, trust } };
    const identities = person.wallet.credentials.flatMap((credential) => credential.identity ?? []);
    const organisation = await administered(person);
    return portalContext(person, connector, { contested: await sessions.contestedAmong(identities), organisation });
  };

  app.get(
    "/projects/:projectId/sdk/portal",
    { config: { access: "connectedUser", acceptsInstallCode: true }, schema: { params } },
    async (request) => {
      if (request.install !== null) return contextFor(request.install);
      const { project, token, wallet } = callerOf(request);
      refuseForeignEmbedder(project, request);
      return contextFor({ project, wallet, claims: token.claims, integration: tableauOf(project) });
    },
  );

  /** Asks the server behind a pasted address what it is, before anything secret is typed. */
  app.post(
    "/projects/:projectId/sdk/portal/probe",
    {
      config: { access: "connectedUser", acceptsInstallCode: true },
      schema: { params, body: portalProbeRequestSchema },
    },
    async (request) => {
      const { project, wallet } = request.install ?? callerOf(request);
      const integration = request.install?.integration ?? tableauOf(project);
      const claims = request.install?.claims ?? callerOf(request).token.claims;
      await tries.ask(wallet.user.id);
      const { server, site, methods } = await connecting.probe({ project, integration, claims }, request.body.address);
      return { ...server, site, methods };
    },
  );

  /** The hosted form's first question: for whom, and for which product. */
  app.get(
    "/ui/hosted/:code/context",
    { config: { access: "installCode" }, schema: { params: z.object({ code: z.string() }) } },
    async (request) => {
      const install = await installs.open(request.params.code);
      return {
        projectId: install.project.id,
        integrationId: install.integration.id,
        person: nameOf(install.claims, install.wallet.user.subject),
        context: await contextFor(install),
      };
    },
  );
}

/** The person as the SaaS names them, so that they see whom the window connects. */
function nameOf({ name, email }: Readonly<Record<string, unknown>>, subject: string): string {
  const named = [name, email].find((claim) => typeof claim === "string" && claim.trim() !== "");
  return typeof named === "string" ? named : subject;
}

/** The portal names the page around it, as its browser told it; a page that may not use the project gets nothing. */
function refuseForeignEmbedder(project: Project, request: FastifyRequest): void {
  const embedder = request.headers["x-easel-embedder"];
  if (typeof embedder === "string" && !isAllowedOrigin(project, embedder)) {
    throw easelError("origin_not_allowed", { origin: embedder.slice(0, 200) });
  }
}

function tableauOf(project: Project): Integration {
  const [first] = project.integrations;
  if (first === undefined) throw easelError("integration_unknown", { integration: "tableau" });
  return first;
}
