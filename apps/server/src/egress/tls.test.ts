import tls, { TLSSocket } from "node:tls";
import { beforeAll, expect, test, vi } from "vitest";
import { selfSigned } from "./self-signed.fixture.ts";
import { get, startEgress, startHttps } from "./servers.fixture.ts";

// Holds for this process, which Vitest gives to this file alone: what NODE_EXTRA_CA_CERTS does for a real one.
beforeAll(() => tls.setDefaultCACertificates([...tls.getCACertificates("default"), selfSigned.cert]));

const resolve = async () => ["127.0.0.1"];

test("a trusted server is asked for by its name, though its address is dialled", async () => {
  const { port } = await startHttps(({ socket }, response) =>
    response.end(socket instanceof TLSSocket ? socket.servername : null),
  );
  const egress = startEgress("127.0.0.1", { resolve });
  for (const host of [selfSigned.host, `${selfSigned.host}.`]) {
    expect(await get(egress, `https://${host}:${port}/`)).toMatchObject({ kind: "answered", body: selfSigned.host });
  }
});

test("a certificate for another name is a TLS failure", async () => {
  const { port } = await startHttps((_, response) => response.end());
  const egress = startEgress("127.0.0.1", { resolve });
  for (const host of ["other.test", "127.0.0.1"]) {
    expect(await get(egress, `https://${host}:${port}/`)).toEqual({ kind: "unreachable", reason: "tls" });
  }
});

test("the Host header changes nothing about whom the certificate must be for", async () => {
  const { port } = await startHttps((_, response) => response.end());
  const { dispatcher } = startEgress("127.0.0.1", { resolve });
  const request = {
    origin: `https://other.test:${port}`,
    path: "/",
    method: "GET",
    headers: { host: selfSigned.host },
  };
  await expect(dispatcher.request(request)).rejects.toMatchObject({ reason: "tls" });
});

test("the environment cannot turn the check off", async () => {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  try {
    const { port } = await startHttps((_, response) => response.end());
    const egress = startEgress("127.0.0.1", { resolve });
    expect(await get(egress, `https://other.test:${port}/`)).toEqual({ kind: "unreachable", reason: "tls" });
  } finally {
    vi.unstubAllEnvs();
  }
});
