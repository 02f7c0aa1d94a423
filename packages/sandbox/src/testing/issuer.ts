import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from "jose";

/** An identity provider of a test: it publishes its keys, and signs JWTs with them. */
export type TestIssuer = Awaited<ReturnType<typeof openTestIssuer>>;

export async function openTestIssuer({ algorithm = "RS256", metadata = "openid-configuration" } = {}) {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  let kid = "first";
  let asked = 0;
  const server = createServer(async (request, response) => {
    asked += 1;
    const documents: Record<string, object> = {
      "/keys": { keys: [{ ...(await exportJWK(publicKey)), kid, alg: algorithm }] },
      [`/.well-known/${metadata}`]: { issuer: url, jwks_uri: `${url}/keys` },
    };
    const document = documents[request.url ?? ""];
    response.writeHead(document === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(document === undefined ? "" : JSON.stringify(document));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The issuer does not listen.");
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    publicKey: await exportSPKI(publicKey),
    /** How often it was asked for a document. */
    asked: (): number => asked,
    /** The key is called otherwise from now on. */
    rename(name: string): void {
      kid = name;
    },
    /** Any claim and header field can be replaced; `undefined` leaves it out. */
    sign(now: number, claims: JWTPayload, header: Record<string, unknown> = {}): Promise<string> {
      const seconds = Math.floor(now / 1000);
      const all = { iss: url, jti: randomUUID(), iat: seconds, exp: seconds + 300, ...claims };
      return new SignJWT(all).setProtectedHeader({ alg: algorithm, typ: "JWT", kid, ...header }).sign(privateKey);
    },
    close: () => new Promise((closed) => server.close(closed)),
  };
}
