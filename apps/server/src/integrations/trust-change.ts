import { easelError } from "../http/errors.ts";
import type { NewTrust, Trust } from "../trusts/trust.ts";
import type { Trusts } from "../trusts/trusts.ts";
import type { Integration, IntegrationSettings } from "./integrations.ts";

/** What the settings page does to the project's keys. */
export type TrustChange =
  | { readonly kind: "keep" }
  | { readonly kind: "remove" }
  | { readonly kind: "save"; readonly trust: NewTrust };

const KEYS = ["clientId", "clientSecret", "clientSecretValue", "serverUrl", "site"] as const;

/** Does the project hold keys of its own, blank keys, or a change of keys? Throws what is missing. */
export function readTrustChange(trusts: Trusts, integration: Integration, settings: IntegrationSettings): TrustChange {
  if (KEYS.every((key) => settings[key] === undefined)) return { kind: "keep" };
  const current = integration.trust?.kind === "own" ? integration.trust : null;
  const app = current?.keys.kind === "connectedApp" ? current.keys : null;
  const clientId = settings.clientId ?? app?.clientId ?? "";
  const secretId = settings.clientSecret ?? app?.secretId ?? "";
  if (clientId === "" && secretId === "") {
    const asksForBlank = settings.clientId === "" || settings.clientSecret === "";
    if (asksForBlank && trusts.development() === null) throw easelError("trust_development_keys");
    return asksForBlank && current !== null ? { kind: "remove" } : { kind: "keep" };
  }
  const { serverUrl, site } = placeOf(integration, current, settings, { clientId, secretId });
  const isSame = app !== null && app.clientId === clientId && app.secretId === secretId;
  const secretValue = settings.clientSecretValue || undefined;
  // A stored value must not follow the keys to another server: whoever may save settings could read it there.
  const isElsewhere = current !== null && (current.serverUrl !== serverUrl || current.site !== site);
  if ((!isSame || isElsewhere) && secretValue === undefined) {
    throw easelError("request_malformed", {
      detail: "clientSecretValue is required with new keys, another server or another site.",
    });
  }
  if (secretValue === undefined) return { kind: "keep" };
  const keys = { kind: "connectedApp", clientId, secretId, secretValue } as const;
  return { kind: "save", trust: { serverUrl, site, keys, setBy: null } };
}

function placeOf(
  integration: Integration,
  current: Trust | null,
  settings: IntegrationSettings,
  { clientId, secretId }: { clientId: string; secretId: string },
): { serverUrl: string; site: string } {
  const serverUrl =
    settings.serverUrl === undefined ? (integration.serverUrl ?? current?.serverUrl) : settings.serverUrl;
  const site = settings.site === undefined ? (integration.site ?? current?.site) : settings.site;
  const missing = [
    clientId === "" ? "clientId" : null,
    secretId === "" ? "clientSecret" : null,
    serverUrl == null ? "serverUrl (a connected app belongs to one server)" : null,
    site == null ? "site (a connected app belongs to one site)" : null,
  ].filter((name) => name !== null);
  if (missing.length > 0 || serverUrl == null || site == null) {
    throw easelError("request_malformed", { detail: `the keys of a connected app need ${missing.join(", ")} too.` });
  }
  return { serverUrl, site };
}
