import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AuthoritiesError, readAuthorities } from "./authorities.ts";
import { selfSigned } from "./self-signed.fixture.ts";
import { get, startEgress, startHttps } from "./servers.fixture.ts";

let directory: string;
let caFile: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "easel-ca-"));
  caFile = join(directory, "ca.pem");
  await writeFile(caFile, `An authority of ours\n${selfSigned.cert}`);
  await writeFile(join(directory, "empty.pem"), "nothing");
  await writeFile(join(directory, "broken.pem"), selfSigned.cert.replace("MIIB", "AAAA"));
});
afterAll(() => rm(directory, { recursive: true }));

const fingerprint = new X509Certificate(selfSigned.cert).fingerprint256;
const otherFingerprint = "00".repeat(32);

/** What comes of a call to a server that has the certificate for tableau.test, under this name. */
async function call(host: string, trust: { caFile?: string; pins?: string }): Promise<string> {
  const { port } = await startHttps((_, response) => response.end("hello"));
  const fill = (text = ""): string => text.replaceAll("CA", caFile).replaceAll("PORT", String(port));
  const trustIn = await readAuthorities(fill(trust.caFile), fill(trust.pins));
  const egress = startEgress("127.0.0.1", { resolve: async () => ["127.0.0.1"], trustIn });
  const answer = await get(egress, `https://${host}:${port}/`);
  return answer.kind === "answered" ? answer.body : answer.reason;
}

describe("an authority of the operator's own", () => {
  test.each([
    ["for every server", "CA"],
    ["for one host", "tableau.test=CA"],
    ["for one host, however it is spelled", "Tableau.TEST.=CA"],
    ["for one host and port", "tableau.test:PORT=CA"],
    ["among others", "other.test=CA, CA"],
  ])("is believed %s", async (_, file) => {
    expect(await call("tableau.test", { caFile: file })).toBe("hello");
  });

  test.each([
    ["nobody's", ""],
    ["another host's", "other.test=CA"],
    ["another port's", "tableau.test:1=CA"],
  ])("is not believed where it is %s", async (_, file) => {
    expect(await call("tableau.test", { caFile: file })).toBe("tls");
  });

  test("vouches for no other name than the certificate's", async () => {
    expect(await call("other.test", { caFile: "CA" })).toBe("tls");
    expect(await call("127.0.0.1", { caFile: "127.0.0.1=CA" })).toBe("tls");
  });

  test("stands beside the usual ones, or for its host in their place", async () => {
    const contexts = async (file: string, host: string) => {
      const trust = (await readAuthorities(file, ""))({ host, port: 443 });
      return trust.kind === "authorities" ? trust.context : null;
    };
    expect(await contexts(`tableau.test=${caFile}`, "elsewhere.example")).toBeUndefined();
    expect(await contexts(`tableau.test=${caFile}`, "tableau.test")).toBeDefined();
    const both = await readAuthorities(caFile, "");
    expect(both({ host: "a.example", port: 443 })).toEqual(both({ host: "b.example", port: 443 }));
  });
});

describe("a pinned certificate", () => {
  test.each([
    ["tableau.test", `tableau.test=${fingerprint}`],
    ["tableau.test", `tableau.test:PORT=sha256:${fingerprint.toLowerCase()}`],
    ["tableau.test", `tableau.test=${otherFingerprint},tableau.test=SHA256/${fingerprint.replaceAll(":", "")}`],
    // Whatever name the certificate is for: it is the very one that was meant.
    ["127.0.0.1", `127.0.0.1=${fingerprint}`],
    ["other.test", `other.test=${fingerprint}`],
  ])("is taken from %s by %s", async (host, pins) => {
    expect(await call(host, { pins })).toBe("hello");
  });

  test("is the only one that is taken, though an authority vouches for another", async () => {
    expect(await call("tableau.test", { pins: `tableau.test=${otherFingerprint}`, caFile: "CA" })).toBe("tls");
  });

  test("says nothing about other hosts and ports", async () => {
    expect(await call("other.test", { pins: `tableau.test=${fingerprint}` })).toBe("tls");
    expect(await call("tableau.test", { pins: `tableau.test:1=${fingerprint}` })).toBe("tls");
  });

  test("is compared before anything is sent, on every connection", async () => {
    const asked: unknown[] = [];
    const { port, server } = await startHttps((request, response) => {
      asked.push(request.url);
      response.shouldKeepAlive = false;
      response.end("hello");
    });
    const trustIn = await readAuthorities("", `tableau.test=${fingerprint},other.test=${otherFingerprint}`);
    const egress = startEgress("127.0.0.1", { resolve: async () => ["127.0.0.1"], trustIn });
    for (const path of ["/1", "/2", "/3"]) {
      expect(await get(egress, `https://tableau.test:${port}${path}`)).toMatchObject({ body: "hello" });
    }
    let handshakes = 0;
    server.on("secureConnection", () => {
      handshakes += 1;
    });
    expect(await get(egress, `https://other.test:${port}/secret`)).toEqual({ kind: "unreachable", reason: "tls" });
    expect(handshakes).toBeLessThanOrEqual(1);
    expect(asked).toEqual(["/1", "/2", "/3"]);
  });
});

describe("what cannot be read is refused in a sentence that names it", () => {
  test.each([
    ["FOLDER/missing.pem", "missing.pem"],
    ["FOLDER/empty.pem", "empty.pem"],
    ["FOLDER/broken.pem", "broken.pem"],
    ["two words=FOLDER/ca.pem", "two words"],
    ["user@host=FOLDER/ca.pem", "user@host"],
  ])("EASEL_CA_FILE=%s", async (file, named) => {
    const refused = expect(readAuthorities(file.replace("FOLDER", directory), "")).rejects;
    await refused.toThrow(AuthoritiesError);
    await expect(readAuthorities(file.replace("FOLDER", directory), "")).rejects.toThrow(named);
  });

  test.each(["tableau.test", "tableau.test=", "tableau.test=abc", `=${fingerprint}`, `tableau.test=${fingerprint}0`])(
    "EASEL_EGRESS_PINS=%s",
    async (pins) => {
      await expect(readAuthorities("", pins)).rejects.toThrow(AuthoritiesError);
    },
  );
});
