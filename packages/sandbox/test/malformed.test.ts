import { request } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jsonApis } from "../src/api/table.ts";
import { routes } from "../src/rest/table.ts";
import { openTestSandbox, type SignedIn, type TestSandbox } from "../src/testing/client.ts";
import { contentOfXml } from "../src/testing/facts.ts";
import { walk } from "../src/testing/walk.ts";

/** How long the property is tried, in ms, and from which seed; both can be set, to look for more. */
const triedFor = Number(process.env.SANDBOX_MALFORMED_MS ?? 10_000);
const seed = Number(process.env.SANDBOX_MALFORMED_SEED ?? 20_253);

/** How long one answer may take, in ms. */
const longestAnswer = 10_000;

let sandbox: TestSandbox;
let session: SignedIn;
/** Addresses of things that are there, by template: half of the calls reach a handler so. */
let known: Map<string, string[]>;

beforeAll(async () => {
  await open();
});
afterAll(() => sandbox.close());

/** A new site, because the calls below also delete what they find, their own user included. */
async function open(): Promise<void> {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
  const addresses = await walk(routes, { edition: "cloud", siteId: session.site.id, read: session.call });
  known = new Map();
  for (const [template, found] of addresses) {
    known.set(
      template,
      found.map(({ path }) => `/api/3.27${path}`),
    );
  }
}

type Call = { method: string; path: string; headers: Record<string, string>; body: Buffer; sentLength: number };

const templates = [
  ...routes.map(({ method, template }) => ({ method, path: `/api/3.27${template}`, template })),
  ...jsonApis.flatMap((api) => api.routes.map(({ method, path }) => ({ method, path, template: path }))),
];

const awkward = fc.oneof(
  fc.constantFrom(
    "..",
    "%2e%2e",
    "%00",
    "%ff",
    "%zz",
    "a".repeat(400),
    "__proto__",
    "-1",
    "0",
    "null",
    "%2F",
    "1:a-1:0",
  ),
  fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => encodeURIComponent(text)),
);

const query = fc.dictionary(
  fc.constantFrom(
    ...["filter", "sort", "fields", "pageSize", "pageNumber", "key", "type", "overwrite", "asJob", "uploadSessionId"],
    ...["workbookType", "datasourceType", "maxAge", "resolution", "vizWidth", "vf_Region", "includeExtract", "append"],
    ...["page", "limit", "terms", "page_token", "page_size", "order_by", "mapAssetsTo", "sequenceID"],
  ),
  fc.oneof(
    fc.constantFrom("name:eq:a", "name:in:[a", "size:gt:x", "_all_", "true", "False", "0", "-1", "1e9", "twbx", ""),
    fc.string({ unit: "grapheme", maxLength: 12 }),
  ),
  { maxKeys: 3 },
);

const names = [
  "workbook",
  "project",
  "user",
  "permissions",
  "granteeCapabilities",
  "capabilities",
  "credentials",
  "tags",
];
const attributes = ["id", "name", "label", "siteRole", "contentUrl", "event", "mode", "frequency", "isEnabled", "url"];

type Tree = { name: string; attributes: Record<string, unknown>; children: Tree[] };

const node = (children: fc.Arbitrary<Tree[]>): fc.Arbitrary<Tree> =>
  fc.record({
    name: fc.constantFrom(...names, "group", "datasource", "schedule", "webhook", "connection", "site", "view", "task"),
    attributes: fc.dictionary(
      fc.constantFrom(...attributes),
      fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom("true", "Viewer", "Allow", "a,b", "", "\u0000", "😀")),
      { maxKeys: 3 },
    ),
    children,
  });

const leaf = node(fc.constant([]));
const tree = node(fc.array(node(fc.array(leaf, { maxLength: 2 })), { maxLength: 2 }));

const body = fc.oneof(
  fc.record({ type: fc.constantFrom("text/xml", "application/xml", ""), content: tree.map(asXml) }),
  fc.record({ type: fc.constant("application/json"), content: tree.map((top) => JSON.stringify(asJson(top))) }),
  fc.record({ type: fc.constant("application/json"), content: fc.json() }),
  fc.record({
    type: fc.constantFrom(
      "multipart/mixed; boundary=b",
      "multipart/form-data; boundary=b",
      "multipart/mixed",
      "multipart/mixed; boundary=",
    ),
    content: fc
      .array(fc.tuple(fc.constantFrom("request_payload", "tableau_workbook", "tableau_file", "x"), tree.map(asXml)))
      .map(asMultipart),
  }),
  fc.record({
    type: fc.constantFrom("application/json", "text/xml", "text/csv", ";;;", "text/plain; charset=x"),
    content: fc.oneof(
      fc.string(),
      fc.constantFrom("", "[]", "null", "<tsRequest>", "{", "<!DOCTYPE a>", "PK\u0003\u0004"),
    ),
  }),
);

const call: fc.Arbitrary<Call> = fc
  .record({
    route: fc.constantFrom(...templates),
    method: fc.option(fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"), { freq: 5 }),
    isKnown: fc.boolean(),
    pick: fc.nat(),
    parameter: awkward,
    query,
    accept: fc.constantFrom("application/json", "*/*", "text/html", "application/xml;q=0", ""),
    body,
    isSignedIn: fc.nat({ max: 9 }).map((number) => number > 0),
    cutOff: fc.nat({ max: 9 }),
  })
  .map(({ route, method, isKnown, pick, parameter, query, accept, body, isSignedIn, cutOff }) => {
    const found = known.get(route.template) ?? [];
    const there = isKnown ? found[pick % Math.max(found.length, 1)] : undefined;
    const path = (there ?? route.path).replaceAll(/\{(\w+)\}/g, (_braces, name) =>
      name === "siteId" ? session.site.id : parameter,
    );
    const content = Buffer.from(body.content);
    return {
      method: method ?? route.method,
      path: `${path}?${new URLSearchParams(query)}`,
      headers: {
        ...(isSignedIn ? { "x-tableau-auth": session.token } : {}),
        ...(body.type === "" ? {} : { "content-type": body.type }),
        ...(accept === "" ? {} : { accept }),
      },
      body: content,
      sentLength: cutOff === 0 ? Math.floor(content.length / 2) : content.length,
    };
  });

describe("any request, however malformed", () => {
  test("gets a Tableau-shaped error, and never a failure or a hang", { timeout: triedFor + 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(call, async (sent) => {
        const answer = await send(sent);
        // A body that was cut off needs no answer, only a server that goes on.
        if (answer === undefined) expect(sent.sentLength).toBeLessThan(sent.body.length);
        else checkAnswer(sent, answer);
        if (answer === undefined || answer.status === 401) await signInAgain();
      }),
      { numRuns: 1_000_000, seed, interruptAfterTimeLimit: triedFor, markInterruptAsFailure: false },
    );
  });
});

type Answer = { status: number; type: string; text: string };

function send({ method, path, headers, body, sentLength }: Call): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    const address = new URL(sandbox.url);
    const length = method === "GET" || method === "HEAD" ? {} : { "content-length": String(body.length) };
    const outgoing = request({
      host: address.hostname,
      port: address.port,
      method,
      path,
      headers: { ...headers, ...length },
    });
    outgoing.setTimeout(longestAnswer, () => outgoing.destroy(new Error(`${method} ${path} was not answered`)));
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        resolve({
          status: incoming.statusCode ?? 0,
          type: incoming.headers["content-type"] ?? "",
          text: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    outgoing.on("error", (error) => (sentLength < body.length ? resolve(undefined) : reject(error)));
    if (Object.keys(length).length === 0) outgoing.end();
    else if (sentLength === body.length) outgoing.end(body);
    else outgoing.write(body.subarray(0, sentLength), () => outgoing.destroy());
  });
}

function checkAnswer({ method, path }: Call, { status, type, text }: Answer): void {
  const said = `${method} ${path} was answered ${status}: ${text.slice(0, 300)}`;
  expect(status, said).toBeLessThan(500);
  if (status < 400 || method === "HEAD") return;
  if (type.startsWith("application/xml")) {
    const { error } = contentOfXml(text);
    expect(error, said).toEqual({ code: codeOf(status), summary: expect.any(String), detail: expect.any(String) });
  } else {
    expect(type, said).toMatch(/^application\/json/);
    const answer = JSON.parse(text);
    // The other APIs have errors of their own; the classic one's are below `error`.
    if (/^\/api\/\d/i.test(path) && !/vizql-data-service/.test(path)) {
      expect(answer.error, said).toEqual({
        code: codeOf(status),
        summary: expect.any(String),
        detail: expect.any(String),
      });
    } else expect(answer, said).toEqual(expect.any(Object));
  }
}

function codeOf(status: number) {
  return expect.stringMatching(new RegExp(`^${status}\\d{3}$`));
}

/** The calls sign out, and delete users and sites; when nobody can sign in any more, there is a new sandbox. */
async function signInAgain(): Promise<void> {
  if ((await session.call("/sessions/current")).ok) return;
  try {
    session = await sandbox.administrator();
  } catch {
    await sandbox.close();
    await open();
  }
}

function asXml(top: Tree): string {
  const quoted = (value: unknown) =>
    String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  const write = ({ name, attributes, children }: Tree): string => {
    const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${quoted(value)}"`);
    return `<${name}${written.join("")}>${children.map(write).join("")}</${name}>`;
  };
  return `<tsRequest>${write(top)}</tsRequest>`;
}

function asJson({ name, attributes, children }: Tree): Record<string, unknown> {
  return { [name]: { ...attributes, ...Object.assign({}, ...children.map(asJson)) } };
}

function asMultipart(parts: [string, string][]): string {
  const written = parts.map(([name, content]) => `--b\r\nContent-Disposition: name="${name}"\r\n\r\n${content}\r\n`);
  return `${written.join("")}--b--`;
}
