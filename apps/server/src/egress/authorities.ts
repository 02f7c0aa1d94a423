import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import type { Target } from "./guard.ts";

/** Which certificates are taken from a server. */
export type ServerTrust =
  /** The usual: a chain to a known authority, and the server's name. Undefined: the authorities that Node.js knows. */
  | { readonly kind: "authorities"; readonly context: SecureContext | undefined }
  /** One of these very certificates, whoever signed it: SHA-256 fingerprints, as Node.js spells them. */
  | { readonly kind: "pinned"; readonly fingerprints: ReadonlySet<string> };

export type TrustIn = (target: Pick<Target, "host" | "port">) => ServerTrust;

/** `EASEL_CA_FILE` or `EASEL_EGRESS_PINS` cannot be read. */
export class AuthoritiesError extends Error {
  override readonly name = "AuthoritiesError";
}

export const usualTrust: TrustIn = () => ({ kind: "authorities", context: undefined });

/**
 * Reads `EASEL_CA_FILE`, a comma-separated list of PEM files: `file` is believed beside the usual authorities,
 * `host=file` or `host:port=file` alone, and by that host alone; and `EASEL_EGRESS_PINS`, a comma-separated list of
 * `host=fingerprint` or `host:port=fingerprint`, of which a host may have several while its certificate changes.
 *
 * @throws {AuthoritiesError} which names the entry
 */
export async function readAuthorities(caFile: string, pins: string): Promise<TrustIn> {
  const files = await Promise.all(entriesOf(caFile).map(readCaEntry));
  const pinned = entriesOf(pins).map(readPin);
  const general = files.filter(({ place }) => place === null).map(({ pem }) => pem);
  const usual = general.length === 0 ? undefined : contextOf([...getCACertificates("default"), ...general]);
  const own = new Map<string, SecureContext>();
  for (const [place, same] of Map.groupBy(files, ({ place }) => place)) {
    if (place !== null) own.set(place, contextOf(same.map(({ pem }) => pem)));
  }
  const fingerprints = new Map<string, ReadonlySet<string>>();
  for (const [place, same] of Map.groupBy(pinned, ({ place }) => place)) {
    fingerprints.set(place, new Set(same.map(({ fingerprint }) => fingerprint)));
  }
  return ({ host, port }) => {
    const name = host.toLowerCase().replace(/\.$/, "");
    const places = [`${name}:${port}`, name];
    for (const place of places) {
      const found = fingerprints.get(place);
      if (found !== undefined) return { kind: "pinned", fingerprints: found };
    }
    for (const place of places) {
      const context = own.get(place);
      if (context !== undefined) return { kind: "authorities", context };
    }
    return { kind: "authorities", context: usual };
  };
}

/** Made once: reading a hundred authorities anew for each connection would take longer than the handshake. */
function contextOf(ca: string[]): SecureContext {
  // A file may hold the authority in between, or the server's own certificate, and not the root.
  return createSecureContext({ ca, allowPartialTrustChain: true });
}

function entriesOf(text: string): string[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

async function readCaEntry(entry: string): Promise<{ place: string | null; pem: string }> {
  const [, place, path = entry] = /^([^=/]+)=(.+)$/.exec(entry) ?? [];
  let pem: string;
  try {
    pem = await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new AuthoritiesError(`EASEL_CA_FILE: "${path}" cannot be read (${code}).`);
  }
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0 || !certificates.every(isCertificate)) {
    throw new AuthoritiesError(`EASEL_CA_FILE: "${path}" holds no certificates in PEM.`);
  }
  return { place: place === undefined ? null : readPlace("EASEL_CA_FILE", place), pem: certificates.join("\n") };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).fingerprint256 !== "";
  } catch {
    return false;
  }
}

function readPin(entry: string): { place: string; fingerprint: string } {
  const [, place = "", digits = ""] = /^([^=]+)=(?:sha-?256[:/])?([0-9a-f:]+)$/i.exec(entry) ?? [];
  const pairs = digits.replaceAll(":", "").toUpperCase().match(/../g) ?? [];
  if (pairs.length !== 32 || digits.replaceAll(":", "").length !== 64) {
    throw new AuthoritiesError(
      `EASEL_EGRESS_PINS: "${entry}" is not a host and the SHA-256 fingerprint of its certificate, host=64 hexadecimal digits.`,
    );
  }
  return { place: readPlace("EASEL_EGRESS_PINS", place), fingerprint: pairs.join(":") };
}

/** A host, spelled as the URL parser spells it, with a port where one was given. */
function readPlace(variable: string, text: string): string {
  const url = URL.parse(`wss://${text.trim()}/`);
  const isPlace =
    url !== null && url.username === "" && url.password === "" && url.pathname === "/" && url.search === "";
  if (!isPlace || url.hostname === "") throw new AuthoritiesError(`${variable}: "${text}" is not a host or host:port.`);
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const [, port] = /:(\d+)$/.exec(text.trim().replace(/^\[.*\]/, "")) ?? [];
  return port === undefined ? host : `${host}:${port}`;
}
