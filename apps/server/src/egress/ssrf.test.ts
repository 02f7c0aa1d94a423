import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createTcpServer, type Server } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type DnsServer, startDnsServer } from "../testing/dns-server.ts";
import { type FakeTableau, json, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";

/**
 * Addresses that lead into the network that Easel runs in, through every door where somebody may write one. The server
 * that must not be reached listens at every address of this machine, on one port; that anything connects to it is the
 * failure, whatever comes of it.
 */
let easel: TestEasel;
let dns: DnsServer;
let tableau: FakeTableau;
let inside: Server;
let connections: number;
let port: number;

beforeAll(async () => {
  dns = await startDnsServer();
  tableau = await startFakeTableau();
  inside = createTcpServer((socket) => {
    connections += 1;
    socket.on("error", () => {}).destroy();
  });
  await once(inside.listen(0, "::"), "listening");
  const address = inside.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
  easel = await startTestEasel({ egressAllow: [tableau.host], resolve: dns.resolve, developmentKeys: "none" });
});
beforeEach(() => {
  connections = 0;
});
afterAll(async () => {
  await easel.close();
  await tableau.close();
  await dns.close();
  inside.close();
});

/** Each way in which a server's address comes to Easel. Each attempt is another user's, since tries are limited. */
const doors: readonly [string, (serverUrl: string) => Promise<string>][] = [
  ["connect", async (serverUrl) => refusalOf(await connect(serverUrl))],
  [
    "probe",
    async (address) =>
      refusalOf(await easel.project.call(newUser(), "/sdk/portal/probe", { method: "POST", json: { address } })),
  ],
  [
    "import",
    async (serverUrl) => {
      const one = { user: newUser(), serverUrl, site: "acme", tokenName: `easel ${users}`, tokenSecret: "the-secret" };
      const response = await easel.project.manage("/credentials", { method: "POST", json: { credentials: [one] } });
      const { results } = (await response.json()) as { results: { outcome: string; error?: Refusal }[] };
      const [result] = results;
      return result?.error === undefined ? `${result?.outcome}` : `${result.error.status} ${result.error.code}`;
    },
  ],
];

interface Refusal {
  readonly status: number;
  readonly code: string;
}

/** Status and code; the status alone where it is no refusal. */
async function refusalOf(response: Response): Promise<string> {
  const { code } = (await response.json()) as Partial<Refusal>;
  return code === undefined ? String(response.status) : `${response.status} ${code}`;
}

let users = 0;
function newUser(): string {
  users += 1;
  return `user-${users}`;
}

function connect(serverUrl: string, user = newUser()): Promise<Response> {
  const payload = { serverUrl, site: "acme", method: "pat", tokenName: `easel ${user}`, tokenSecret: "the-secret" };
  return easel.project.call(user, "/sdk/credentials", {
    method: "POST",
    json: { integrationId: easel.project.integrationId, payload },
  });
}

/** Hosts by class; every one of them is this machine, or a neighbour of it. */
const hosts: Record<string, readonly string[]> = {
  loopback: ["127.0.0.1", "127.255.255.254", "localhost", "LocalHost.", "a.localhost", "[::1]"],
  "this machine by zero": ["0.0.0.0", "0", "[::]"],
  private: ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
  "carrier-grade NAT": ["100.64.0.1", "100.127.255.255"],
  "link-local and metadata": ["169.254.169.254", "[fe80::1]", "168.63.129.16", "[fd00:ec2::254]", "100.100.100.200"],
  "unique-local": ["[fc00::1]", "[fd12::1]"],
  decimal: ["2130706433", "3232235777", "2852039166"],
  octal: ["0177.0.0.1", "017700000001", "0300.0250.1.1"],
  hexadecimal: ["0x7f.0.0.1", "0x7f000001", "0xa9fea9fe"],
  short: ["127.1", "10.1", "192.168.257"],
  "mapped and compatible": ["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]"],
  NAT64: ["[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::7f00:1]"],
  "6to4 and Teredo": ["[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2001:0:7f00:1::]"],
  "in other letters": ["①②⑦.0.0.1", "127。0。0。1", "１２７.0.0.1", "%31%32%37.0.0.1", "localhoſt"],
  broadcast: ["255.255.255.255", "224.0.0.1", "[ff02::1]"],
};

describe.each(Object.entries(hosts))("a server by %s", (_class, list) => {
  test.each(doors)("is refused at %s, with and without TLS, and nothing connects", async (_door, tries) => {
    for (const host of list) {
      for (const url of [`http://${host}:${port}`, `https://${host}:${port}`, `https://${host}`, `${host}:${port}`]) {
        expect([url, await tries(url)]).toEqual([url, expect.stringMatching(/^422 tableau_/)]);
      }
    }
    expect(connections).toBe(0);
  });
});

describe("a server by an address that only looks like another's", () => {
  test.each(doors)("at %s", async (_door, tries) => {
    for (const url of [
      `http://tableau.example@127.0.0.1:${port}`,
      `https://${tableau.host}@127.0.0.1:${port}`,
      `http://user:secret@127.0.0.1:${port}/#/site/acme`,
      `http://127.0.0.1:${port}\\@${tableau.host}/`,
      `http://127.0.0.1:${port}#@${tableau.host}`,
      `http://127.0.0.1:${port}?${tableau.host}`,
      `http:\\\\127.0.0.1:${port}`,
      ` http://127.0.0.1:${port} `,
      `ht\ttp://127.0.0.1:${port}`,
      `//127.0.0.1:${port}`,
      `gopher://127.0.0.1:${port}/_GET`,
      `file:///etc/passwd`,
      `https://127.0.0.1.:${port}`,
    ]) {
      // One may read as the allowed server's own address. It goes there, or nowhere.
      expect([url, await tries(url)]).toEqual([
        url,
        expect.stringMatching(/^(422 (tableau_|credential_fields$)|20[01]$|created$|replaced$)/),
      ]);
    }
    expect(connections).toBe(0);
  });
});

describe("a name that its name server leads inside", () => {
  const answers: Record<string, readonly string[]> = {
    loopback: ["127.0.0.1"],
    "loopback by IPv6": ["::1"],
    private: ["10.0.0.1"],
    metadata: ["169.254.169.254"],
    "carrier-grade NAT": ["100.64.0.1"],
    mapped: ["::ffff:127.0.0.1"],
    NAT64: ["64:ff9b::7f00:1"],
    "6to4": ["2002:7f00:1::1"],
    "unique-local": ["fd00:ec2::254"],
    "this machine by zero": ["0.0.0.0"],
    "another name, which is loopback": ["deeper.test", "127.0.0.1"],
    "several at once": ["10.0.0.1", "127.0.0.1", "::1"],
  };

  test.each(Object.entries(answers))("%s", async (what, values) => {
    const name = `${what.replaceAll(/\W+/g, "-")}.hostile.test`;
    dns.answer("deeper.test", "127.0.0.1");
    dns.answer(name, ...values);
    for (const [door, tries] of doors) {
      expect([door, await tries(`https://${name}`)]).toEqual([door, "422 tableau_server_forbidden"]);
    }
    expect(dns.asked(name)).toBeGreaterThan(0);
    expect(connections).toBe(0);
  });
});

describe("a name that changes its mind (rebinding)", () => {
  /** Connected while the name led to the allowed server: 127.0.0.1 and its port, by address. */
  async function connected(name: string): Promise<{ user: string; url: string }> {
    const url = `http://${name}:${new URL(tableau.url).port}`;
    dns.answer(name, "127.0.0.1");
    const user = newUser();
    const response = await connect(url, user);
    expect([response.status, await response.text()]).toEqual([201, expect.any(String)]);
    return { user, url };
  }

  test("is judged again with every connection, and a kept one goes on to where it was judged", async () => {
    // The same port, at an address that is not allowed.
    const victim = createServer((_, response) => response.end());
    let reached = 0;
    victim.on("connection", () => {
      reached += 1;
    });
    await once(victim.listen(Number(new URL(tableau.url).port), "127.0.0.2"), "listening");
    const { user } = await connected("rebound.test");
    const project = () => easel.project.call(user, "/sdk/proxy/tableau/projects");
    tableau.answer((_request, response) => json(response, 200, { projects: {} }));
    expect((await project()).status).toBe(200);

    dns.answer("rebound.test", "127.0.0.2");
    expect((await project()).status).toBe(200);
    // The connection that was judged ends; the next one is judged, and goes nowhere.
    tableau.answer((_request, response) => {
      response.shouldKeepAlive = false;
      json(response, 200, { projects: {} });
    });
    expect((await project()).status).toBe(200);
    const seen = tableau.received.length;
    const refused = await project();
    expect([refused.status, await refused.json()]).toMatchObject([422, { code: "tableau_server_forbidden" }]);

    // Of two addresses, only the one that may be called is.
    dns.answer("rebound.test", "127.0.0.2", "127.0.0.1");
    expect((await project()).status).toBe(200);
    expect(tableau.received.length).toBe(seen + 1);
    expect(reached).toBe(0);
    victim.closeAllConnections();
    victim.close();
  });

  test("between the server's word and the sign-in", async () => {
    const moving = createServer((request: IncomingMessage, response) => {
      response.shouldKeepAlive = false;
      dns.answer("moving.test", "10.0.0.1");
      request.resume();
      json(response, 200, { serverInfo: { productVersion: { value: "2025.3.0" }, restApiVersion: "3.27" } });
    });
    const asked: unknown[] = [];
    moving.on("request", ({ url }) => asked.push(url));
    await once(moving.listen(0, "127.0.0.1"), "listening");
    const address = moving.address();
    const own = typeof address === "object" && address !== null ? address.port : 0;
    const other = await startTestEasel({
      egressAllow: [`127.0.0.1:${own}`],
      resolve: dns.resolve,
      sandbox: easel.sandbox,
    });
    dns.answer("moving.test", "127.0.0.1");
    const payload = {
      serverUrl: `http://moving.test:${own}`,
      method: "pat",
      tokenName: "a",
      tokenSecret: "the-secret",
    };
    const response = await other.project.call("ana", "/sdk/credentials", {
      method: "POST",
      json: { integrationId: other.project.integrationId, payload: { ...payload, site: "" } },
    });
    expect([response.status, await response.json()]).toMatchObject([422, { code: "tableau_server_forbidden" }]);
    expect(asked.filter((url) => String(url).includes("signin"))).toEqual([]);
    await other.close();
    moving.close();
  });
});

describe("a server that redirects inside", () => {
  test.each([301, 302, 303, 307, 308])("with %d, at every step", async (status) => {
    const redirecting = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { location: `http://127.0.0.1:${port}${request.url}` }).end();
    });
    await once(redirecting.listen(0, "127.0.0.1"), "listening");
    const address = redirecting.address();
    const host = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    const signsIn = await startFakeTableau({
      signIn: (_request, response) => response.writeHead(status, { location: `http://127.0.0.1:${port}/` }).end(),
    });
    const other = await startTestEasel({ egressAllow: [host, signsIn.host, tableau.host], sandbox: easel.sandbox });
    const { project } = other;
    for (const serverUrl of [`http://${host}`, signsIn.url]) {
      const payload = { serverUrl, site: "", method: "pat", tokenName: "easel", tokenSecret: "the-secret" };
      const json = { integrationId: project.integrationId, payload };
      const response = await project.call("ana", "/sdk/credentials", { method: "POST", json });
      expect([serverUrl, response.status]).not.toEqual([serverUrl, 201]);
      await project.call("ana", "/sdk/portal/probe", { method: "POST", json: { address: serverUrl } });
    }
    const payload = { serverUrl: tableau.url, site: "", method: "pat", tokenName: "easel", tokenSecret: "the-secret" };
    await project.connect("ben", payload);
    tableau.answer((_request, response) =>
      response.writeHead(status, { location: `http://127.0.0.1:${port}/inside` }).end(),
    );
    const answer = await project.call("ben", "/sdk/proxy/tableau/projects", { redirect: "manual" });
    expect(answer.status).toBe(status);
    expect(connections).toBe(0);
    await other.close();
    await signsIn.close();
    redirecting.closeAllConnections();
    redirecting.close();
  });
});
