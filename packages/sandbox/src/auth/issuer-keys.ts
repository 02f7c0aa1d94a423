import { type CryptoKey, createLocalJWKSet, type JSONWebKeySet } from "jose";
import * as z from "zod";
import { type JwtProblem, problem, type ReadJwt } from "./jwt.ts";

/** An issuer's documents are small. In bytes. */
const largestDocument = 256 * 1024;

/** In ms. */
const longestFetch = 5_000;

/** How long fetched keys are used, in ms. */
const keysAge = 10 * 60_000;

/** How often they are fetched anew at most because a key is missing, in ms. */
const refetchGap = 1_000;

/** More issuers than this and the oldest are forgotten. */
const mostIssuers = 200;

/** Where an issuer says what its keys are. Tableau Cloud asks now at one, now at the other (public report). */
const metadataPaths = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] as const;

const keySetSchema = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional() })).max(100),
});
const metadataSchema = z.object({ jwks_uri: z.string() });

export type Issuer = { issuer: string; jwksUri: string | undefined };

export type IssuerKeys = ReturnType<typeof openIssuerKeys>;

/** The keys that issuers publish: fetched from where they say, and kept for a while. */
export function openIssuerKeys(clock: () => number) {
  const fetched = new Map<string, { keys: JSONWebKeySet; at: number }>();

  async function keysOf(issuer: Issuer, mayBeOld: number): Promise<JSONWebKeySet | JwtProblem> {
    const name = JSON.stringify([issuer.issuer, issuer.jwksUri]);
    const known = fetched.get(name);
    if (known !== undefined && clock() - known.at < mayBeOld) return known.keys;
    const uri = issuer.jwksUri ?? (await jwksUriOf(issuer.issuer));
    if (uri === undefined) return problem(10081);
    const document = keySetSchema.safeParse(await fetchJson(uri));
    if (!document.success) return problem(10085);
    fetched.delete(name);
    fetched.set(name, { keys: document.data, at: clock() });
    const oldest = fetched.keys().next();
    if (fetched.size > mostIssuers && !oldest.done) fetched.delete(oldest.value);
    return document.data;
  }

  return {
    /** The key that a JWT says it was signed with. Keys change, so one that is not known is looked for once more. */
    async find(issuer: Issuer, jwt: ReadJwt): Promise<CryptoKey | JwtProblem> {
      for (const mayBeOld of [keysAge, refetchGap]) {
        const keys = await keysOf(issuer, mayBeOld);
        if ("kind" in keys) return keys;
        const key = await keyIn(keys, jwt);
        if (key !== undefined) return isShort(keys, jwt) ? problem(10088) : key;
      }
      return problem(10085);
    },
  };
}

async function jwksUriOf(issuer: string): Promise<string | undefined> {
  for (const path of metadataPaths) {
    const document = metadataSchema.safeParse(await fetchJson(`${issuer.replace(/\/+$/, "")}${path}`));
    if (document.success) return document.data.jwks_uri;
  }
  return undefined;
}

async function keyIn(keys: JSONWebKeySet, { algorithm, kid }: ReadJwt): Promise<CryptoKey | undefined> {
  try {
    return await createLocalJWKSet(keys)({ alg: algorithm, ...(kid === undefined ? {} : { kid }) });
  } catch {
    return undefined; // none, several, or not a key
  }
}

/** RSA keys of less than 2048 bits are not taken. */
function isShort({ keys }: JSONWebKeySet, { kid }: ReadJwt): boolean {
  const modulus = keys.find((key) => key.kid === kid)?.n;
  return modulus !== undefined && Buffer.from(modulus, "base64url").length < 256;
}

/** A document of an issuer; undefined when it cannot be had. */
async function fetchJson(address: string): Promise<unknown> {
  if (!isAllowed(address)) return undefined;
  try {
    const response = await fetch(address, {
      redirect: "error",
      headers: { accept: "application/json" },
      signal: AbortSignal.timeout(longestFetch),
    });
    if (!response.ok || response.body === null) return undefined;
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > largestDocument) return undefined;
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined; // unreachable, too slow, moved, or not JSON
  }
}

/** `https:`, and `http:` on this machine only. */
export function isAllowed(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  if (protocol === "https:") return true;
  return protocol === "http:" && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
