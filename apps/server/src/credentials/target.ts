import type { Connector, ServerFacts, SignInMethod } from "@easel/connector";
import { connectorError, easelError } from "../http/errors.ts";
import type { Integration } from "../integrations/integrations.ts";
import type { ConnectPayload } from "./payload.ts";
import { describeSite } from "./signing.ts";

/** Where a person connects to; `site` is null while nobody has said it, "" is the default site. */
export interface Target {
  readonly serverUrl: string;
  readonly site: string | null;
}

export function offeredMethod(connector: Connector, integration: Integration, id: string): SignInMethod {
  const method = connector.methods.find((candidate) => candidate.id === id);
  if (method !== undefined && isOffered(integration, method)) return method;
  const offered = connector.methods
    .filter((candidate) => isOffered(integration, candidate))
    .map((candidate) => candidate.id);
  throw easelError("method_not_offered", { method: id.slice(0, 40), offered: offered.join(", ") });
}

/** A method that uses a trust is offered where there is one. */
export function isOffered(integration: Integration, method: SignInMethod): boolean {
  if (method.usesTrust && integration.trust === null) return false;
  return integration.methods === null || integration.methods.includes(method.id);
}

/** Some methods are offered at one edition of the provider's server only, unless the project names them. */
export function isOfferedAt(
  { methods }: Integration,
  method: SignInMethod,
  { edition }: Pick<ServerFacts, "edition">,
): boolean {
  return method.editions === undefined || method.editions.includes(edition) || methods?.includes(method.id) === true;
}

/** A trust works at its own server and site only. */
export function worksAt(integration: Integration, method: SignInMethod, server: ServerFacts, target: Target): boolean {
  if (!isOfferedAt(integration, method, server)) return false;
  if (!method.usesTrust) return true;
  const trust = integration.trust;
  return trust?.serverUrl === server.serverUrl && (target.site === null || target.site === trust.site);
}

/** The trust's own server and site; whatever was typed must agree with them. */
export function trustTarget(connector: Connector, { trust }: Integration, payload: ConnectPayload): Target {
  if (trust === null) throw easelError("trust_missing");
  const typed = payload.serverUrl ? readAddress(connector, payload.serverUrl) : null;
  const site = payload.site || typed?.site || trust.site;
  if ((typed !== null && typed.serverUrl !== trust.serverUrl) || site !== trust.site) {
    throw easelError("trust_other_server", { trusted: describeSite(trust) });
  }
  return { serverUrl: trust.serverUrl, site: trust.site };
}

/** What the person typed, within what the project has fixed. */
export function typedTarget(connector: Connector, integration: Integration, payload: ConnectPayload): Target {
  const fixed = integration.serverUrl;
  const typed = payload.serverUrl ? readAddress(connector, payload.serverUrl) : null;
  if (fixed !== null && typed !== null && typed.serverUrl !== fixed)
    throw easelError("server_fixed", { server: fixed });
  const serverUrl = fixed ?? typed?.serverUrl;
  if (serverUrl === undefined)
    throw easelError("credential_fields", { detail: "serverUrl, the address of your Tableau, is missing." });
  const site = payload.site ?? typed?.site ?? null;
  if (integration.site !== null && site !== null && site !== "" && site !== integration.site) {
    throw easelError("server_fixed", { server: describeSite({ serverUrl, site: integration.site }) });
  }
  return { serverUrl, site: integration.site ?? site };
}

function readAddress(connector: Connector, text: string): Target {
  const address = connector.readAddress(text);
  if (address.kind === "unreadable") throw connectorError(connector.problems, address.problem);
  return address;
}

/** Tableau Server has a default site, named ""; on Tableau Cloud every site has a name (REST reference, "Sign in"). */
export function defaultSite(server: ServerFacts): string {
  if (server.edition === "server") return "";
  throw easelError("credential_fields", { detail: "site is missing: on Tableau Cloud every site has a name." });
}

/** The fields of the method, each of them filled in. */
export function readFields(method: SignInMethod, payload: ConnectPayload): Record<string, string> {
  const given: Readonly<Record<string, string | undefined>> = payload;
  const missing = method.fields.filter((field) => !given[field.id]);
  if (missing.length > 0) {
    throw easelError("credential_fields", {
      detail: `${missing.map((field) => field.id).join(" and ")} must be filled in.`,
    });
  }
  return Object.fromEntries(method.fields.map((field) => [field.id, given[field.id] ?? ""]));
}
