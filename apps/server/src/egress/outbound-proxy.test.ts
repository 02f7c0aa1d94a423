import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import { connect as connectTcp } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { readAuthorities } from "./authorities.ts";
import { createOutboundProxy, OutboundProxyError } from "./outbound-proxy.ts";
import { selfSigned } from "./self-signed.fixture.ts";
import { get, startEgress, startHttp, startHttps } from "./servers.fixture.ts";

/** A proxy that leads wherever it is asked to, on loopback, and remembers what it was asked. */
async function startProxy(status = 200) {
  const asked: { authority: string | undefined; authorization: string | undefined }[] = [];
  const proxy = http.createServer((_, response) => response.writeHead(400).end());
  proxy.on("connect", ({ url, headers }, client, head) => {
    asked.push({ authority: url, authorization: headers["proxy-authorization"] });
    client.on("error", () => {});
    if (status !== 200) return void client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const server = connectTcp(Number(url?.split(":").at(-1)), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      server.write(head);
      client.pipe(server).pipe(client);
    });
    server.on("error", () => client.destroy());
    client.on("close", () => server.destroy());
    onTestFinished(() => void client.destroy());
  });
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void proxy.close());
  const address = proxy.address();
  const port = typeof address === "object" ? address?.port : "";
  return { url: `http://127.0.0.1:${port}`, asked };
}

/** Names resolve nowhere here: that is the proxy's business. */
const resolve = async () => {
  throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
};
const unreachable = (reason: string) => ({ kind: "unreachable", reason });

describe("an outbound proxy", () => {
  test("is asked for a way to the server, whose certificate is looked at as always", async () => {
    const proxy = await startProxy();
    const { port } = await startHttps((request, response) => response.end(request.headers.host));
    const trustIn = await readAuthorities("", `tableau.test=${new X509Certificate(selfSigned.cert).fingerprint256}`);
    const settings = { url: proxy.url, except: "" };
    const egress = startEgress(`tableau.test:${port}, other.test:${port}`, { resolve, trustIn, proxy: settings });
    expect(await get(egress, `https://tableau.test:${port}/`)).toMatchObject({ body: `tableau.test:${port}` });
    expect(await get(egress, `https://other.test:${port}/`)).toEqual(unreachable("tls"));
    expect(proxy.asked.map(({ authority }) => authority)).toEqual([`tableau.test:${port}`, `other.test:${port}`]);
  });

  test("gets its name and password, and the server does not", async () => {
    const proxy = await startProxy();
    const { port } = await startHttp((request, response) => response.end(JSON.stringify(request.headers)));
    const url = proxy.url.replace("http://", "http://easel:p%40ss@");
    const egress = startEgress(`http://tableau.test:${port}`, { resolve, proxy: { url, except: "" } });
    const answer = await get(egress, `http://tableau.test:${port}/`);
    expect(proxy.asked[0]?.authorization).toBe(`Basic ${Buffer.from("easel:p@ss").toString("base64")}`);
    expect(answer.kind === "answered" && answer.body).not.toContain("proxy");
  });

  test.each([403, 407, 502])("that answers %d lets nothing out", async (status) => {
    const proxy = await startProxy(status);
    const egress = startEgress("", { resolve, proxy: { url: proxy.url, except: "" } });
    expect(await get(egress, "https://tableau.example/")).toEqual(unreachable("refused"));
    expect(proxy.asked).toHaveLength(1);
  });

  test("that is away lets nothing out either", async () => {
    const egress = startEgress("", { resolve, proxy: { url: "http://127.0.0.1:1", except: "" } });
    expect(await get(egress, "https://tableau.example/")).toEqual(unreachable("refused"));
  });

  test("is not asked for what the guard refuses, nor for what resolves here to an address that it refuses", async () => {
    const proxy = await startProxy();
    const settings = { url: proxy.url, except: "" };
    const closed = startEgress("", { resolve, proxy: settings });
    for (const url of [
      "https://10.0.0.1/",
      "https://[::ffff:10.0.0.1]/",
      "http://tableau.example/",
      "https://a.example:22/",
    ]) {
      expect(await get(closed, url)).toEqual(unreachable("forbidden"));
    }
    for (const answer of [["10.0.0.1"], ["8.8.8.8", "169.254.169.254"]]) {
      const judged = startEgress("", { resolve: async () => answer, proxy: settings });
      expect(await get(judged, "https://internal.example/")).toEqual(unreachable("forbidden"));
    }
    expect(proxy.asked).toEqual([]);
  });

  test("is asked though the own resolver never answers", async () => {
    const proxy = await startProxy(502);
    const egress = startEgress("", { resolve: () => new Promise(() => {}), proxy: { url: proxy.url, except: "" } });
    expect(await get(egress, "https://tableau.example/")).toEqual(unreachable("refused"));
    expect(proxy.asked).toHaveLength(1);
  });

  test("is passed by for loopback, and for what is excepted", async () => {
    const proxy = await startProxy(502);
    const { port } = await startHttp((_, response) => response.end("direct"));
    const egress = startEgress(`127.0.0.1:${port}, localhost:${port}`, {
      resolve: async () => ["127.0.0.1"],
      proxy: { url: proxy.url, except: ".corp.test" },
    });
    for (const host of ["127.0.0.1", "localhost", "tableau.corp.test"]) {
      expect(await get(egress, `http://${host}:${port}/`)).toMatchObject({ body: "direct" });
    }
    expect(proxy.asked).toEqual([]);
    expect(await get(egress, `http://tableau.test:${port}/`)).toEqual(unreachable("refused"));
    expect(proxy.asked).toHaveLength(1);
  });
});

describe("what is excepted", () => {
  const covers = (except: string, host: string): boolean => {
    const proxy = createOutboundProxy({ url: "http://proxy.test:3128", except }, { connect: () => {}, timeoutMs: 1 });
    return proxy.covers({ origin: `https://${host}`, secure: true, host, port: 443 });
  };

  test.each([
    ["tableau.corp.test", "tableau.corp.test", false],
    ["Tableau.Corp.Test.", "tableau.corp.test.", false],
    ["tableau.corp.test", "a.tableau.corp.test", true],
    [".corp.test", "tableau.corp.test", false],
    [".corp.test", "corp.test", true],
    [".corp.test", "evilcorp.test", true],
    ["10.0.0.1", "10.0.0.1", false],
    ["10.0.0.0/8", "10.1.2.3", false],
    ["10.0.0.0/8", "::ffff:10.1.2.3", false],
    ["10.0.0.0/8", "11.0.0.1", true],
    ["[fd00::1]", "fd00::1", false],
    ["fd00::/8", "fd12::1", false],
    ["", "8.8.8.8", true],
    ["", "127.0.0.2", false],
    ["", "::1", false],
    ["", "a.localhost", false],
  ])("by %o: %s goes through the proxy: %s", (except, host, is) => {
    expect(covers(except, host)).toBe(is);
  });

  test.each([
    ["proxy.test:3128", ""],
    ["socks5://proxy.test", ""],
    ["http://proxy.test/path", ""],
    ["http://proxy.test", "*.corp.test"],
    ["http://proxy.test", "10.0.0.0/99"],
    ["http://proxy.test", "a b"],
  ])("%s and %o are refused in a sentence", (url, except) => {
    expect(() => createOutboundProxy({ url, except }, { connect: () => {}, timeoutMs: 1 })).toThrow(OutboundProxyError);
  });
});
