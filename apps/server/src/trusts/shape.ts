import type { TrustBody } from "@easel/api/organisations";
import type { TrustDesk } from "./desk.ts";
import type { Trust, TrustOwner } from "./trust.ts";

/** An owner's trust and the issuer that could be one, as the contract has them. */
export async function ownedTrustShape(desk: TrustDesk, owner: TrustOwner) {
  return withIssuer(desk.issuerUrl(owner), await desk.read(owner));
}

export function withIssuer(issuerUrl: string, trust: Trust | null) {
  return { issuer: issuerShape(issuerUrl), trust: trust === null ? null : trustShape(trust) };
}

function issuerShape(url: string): { url: string; warning: string | null } {
  return {
    url,
    warning: url.startsWith("https:")
      ? null
      : "Tableau fetches Easel's keys from this address, and takes none that is not https. EASEL_PUBLIC_URL says under which address Easel is reached.",
  };
}

function trustShape(trust: Trust): TrustBody {
  const { serverUrl, site, keys, setAt, setBy, broken } = trust;
  const facts = {
    serverUrl,
    site,
    setAt: setAt?.toISOString() ?? null,
    setBy,
    problem: broken === null ? null : { code: broken.code, reason: broken.reason, at: broken.at.toISOString() },
  };
  if (keys.kind !== "connectedApp") return { ...facts, ...keys };
  const { kind, clientId, secretId, spare } = keys;
  const secondSecret = spare === null ? null : { secretId: spare.secretId, addedAt: spare.addedAt.toISOString() };
  return { kind, ...facts, clientId, secretId, secondSecret };
}
