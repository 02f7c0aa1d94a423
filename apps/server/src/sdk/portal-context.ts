import type { PortalContext, PortalCredential } from "@easel/api/portal";
import type { Connector } from "@easel/connector";
import type { Credential, Wallet } from "../credentials/credentials.ts";
import { isOffered } from "../credentials/target.ts";
import { tableauUsername } from "../credentials/username.ts";
import { platformProblems } from "../http/errors.ts";
import type { Integration } from "../integrations/integrations.ts";
import type { Project } from "../projects/projects.ts";

/** Everything that the Connect Portal shows to one person. `contested` holds identities that are used elsewhere. */
export function portalContext(
  person: { project: Project; integration: Integration; wallet: Wallet; claims: Readonly<Record<string, unknown>> },
  connector: Connector,
  { contested, organisation }: { contested: ReadonlySet<string>; organisation: PortalContext["organisation"] },
): PortalContext {
  const { project, integration, wallet, claims } = person;
  const methods = connector.methods.filter((method) => isOffered(integration, method));
  const mine = wallet.credentials.filter((credential) => credential.integrationId === integration.id);
  return {
    project: { id: project.id, name: project.name, accentColor: project.accentColor, logoUrl: project.logoUrl },
    integration: { id: integration.id, type: integration.type, name: connector.name, isActive: integration.isActive },
    consent: [...connector.consent(integration.permissions)],
    fixed: integration.serverUrl === null ? null : { serverUrl: integration.serverUrl, site: integration.site },
    methods: methods.map(({ id, title, description, fields }) => ({
      id,
      title,
      description,
      fields: fields.map((field) => ({ ...field })),
    })),
    trust: methods.some((method) => method.usesTrust) ? trustFor(integration, claims) : null,
    organisation,
    credentials: mine.map((credential) => portalCredential(credential, connector, contested)),
  };
}

function trustFor(
  { trust, usernameClaim }: Integration,
  claims: Readonly<Record<string, unknown>>,
): PortalContext["trust"] {
  if (trust === null) return null;
  const username = tableauUsername(claims, usernameClaim);
  const { serverUrl, site, broken } = trust;
  if (broken !== null) {
    const text = platformProblems.trust_broken;
    const problem = {
      code: "trust_broken",
      message: text.message.replace("{reason}", broken.reason),
      action: text.action,
    };
    return { serverUrl, site, username, problem };
  }
  if (username === null) {
    const text = platformProblems.trust_user_unnamed;
    const problem = {
      code: "trust_user_unnamed",
      message: text.message,
      action: text.action.replace("{claim}", usernameClaim),
    };
    return { serverUrl, site, username, problem };
  }
  return { serverUrl, site, username, problem: null };
}

function portalCredential(
  credential: Credential,
  connector: Connector,
  contested: ReadonlySet<string>,
): PortalCredential {
  const { state } = credential;
  const isContested = credential.identity !== null && contested.has(credential.identity);
  const warning = connector.problems.tableau_session_contested;
  return {
    id: credential.id,
    status: state.kind === "invalid" ? "INVALID" : "VALID",
    reason: state.kind === "invalid" ? state.reason : null,
    warning:
      isContested && warning !== undefined
        ? { code: "tableau_session_contested", message: warning.message, action: warning.action }
        : null,
    method: credential.method,
    serverUrl: credential.serverUrl,
    site: credential.site,
    username: credential.username,
    createdAt: credential.createdAt.toISOString(),
  };
}
