import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json as readJson } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeTableau, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { key: string; value: { stringValue?: string; intValue?: number } }[];
  readonly status: { code?: number };
}
interface Sent {
  readonly resourceSpans: readonly { scopeSpans: readonly { spans: readonly SentSpan[] }[] }[];
}

/** Receives as a collector does: OTLP over HTTP, in JSON. */
let collector: Server;
let received: Sent[];
let tableau: FakeTableau;
beforeEach(async () => {
  received = [];
  collector = createServer(async (request, response) => {
    expect([request.method, request.url]).toEqual(["POST", "/v1/traces"]);
    received.push((await readJson(request)) as Sent);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  tableau = await startFakeTableau();
});
afterEach(async () => {
  collector.closeAllConnections();
  collector.close();
  await tableau.close();
});

async function start(environment: Record<string, string> = {}): Promise<TestEasel> {
  const { port } = collector.address() as AddressInfo;
  const easel = await startTestEasel({
    egressAllow: [tableau.host],
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/`, ...environment },
  });
  const payload = { serverUrl: tableau.url, site: "", method: "pat", tokenName: "easel", tokenSecret: "the-secret" };
  await easel.project.connect("ana", payload);
  return easel;
}

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";

async function call(easel: TestEasel, headers: Record<string, string> = {}): Promise<void> {
  const response = await easel.project.call("ana", "/sdk/proxy/tableau/projects?filter=name:eq:secret-plan", {
    headers,
  });
  expect(response.status).toBe(200);
  await response.text();
}

/** What was sent once the server has ended, which sends what it holds. */
async function spansOf(easel: TestEasel): Promise<readonly SentSpan[]> {
  await easel.close();
  return received.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
}

function attribute(span: SentSpan | undefined, key: string): string | number | undefined {
  const value = span?.attributes.find((one) => one.key === key)?.value;
  return value?.stringValue ?? value?.intValue;
}

test("a call is a span of its caller's trace, with what it waited for below it", async () => {
  const easel = await start();
  tableau.endSessions();
  await call(easel, { traceparent: `00-${TRACE}-${PARENT}-01` });
  const spans = (await spansOf(easel)).filter(({ traceId }) => traceId === TRACE);
  const byName = (name: string) => spans.filter((span) => span.name === name);
  const [server] = byName("GET tableau /sites/{siteId}/projects");
  expect(server?.parentSpanId).toBe(PARENT);
  expect(attribute(server, "http.route")).toBe("/projects/:projectId/sdk/proxy/:integration/*");
  expect(attribute(server, "easel.route")).toBe("/sites/{siteId}/projects");
  expect(attribute(server, "http.response.status_code")).toBe(200);
  expect(attribute(server, "easel.project.id")).toBe(easel.project.id);

  const exchanges = byName("GET").filter(({ parentSpanId }) => parentSpanId === server?.spanId);
  expect(exchanges.map((span) => attribute(span, "http.response.status_code"))).toEqual([401, 200]);
  expect(attribute(exchanges[0], "server.port")).toBe(Number(new URL(tableau.url).port));

  const [session] = byName("session");
  const [signIn] = byName("sign in");
  const [asked] = byName("POST");
  expect(session?.parentSpanId).toBe(server?.spanId);
  expect(signIn?.parentSpanId).toBe(session?.spanId);
  expect(attribute(signIn, "easel.method")).toBe("pat");
  expect(asked?.parentSpanId).toBe(signIn?.spanId);
});

test("nothing secret and nothing of an address is in a trace, and Tableau hears of none", async () => {
  const easel = await start();
  const token = await easel.project.token("ana");
  await call(easel, { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: "a=b", baggage: "person=ana" });
  expect((await spansOf(easel)).length).toBeGreaterThan(3);
  const sent = JSON.stringify(received);
  for (const secret of ["secret-plan", "the-secret", "token-1", token, "filter="]) expect(sent).not.toContain(secret);
  for (const { headers } of tableau.received) {
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining([expect.stringMatching(/trace|baggage/)]));
  }
});

test("a caller that does not sample is not sampled, and what is no traceparent begins a trace", async () => {
  const easel = await start();
  await call(easel, { traceparent: `00-${TRACE}-${PARENT}-00` });
  await call(easel, { traceparent: `00-${"0".repeat(32)}-${PARENT}-01` });
  await call(easel, { traceparent: "'; drop table" });
  const calls = (await spansOf(easel)).filter(({ name }) => name.startsWith("GET tableau"));
  expect(calls.map(({ parentSpanId }) => parentSpanId ?? "")).toEqual(["", ""]);
  expect(calls.map(({ traceId }) => traceId)).not.toContain(TRACE);
});

test("the share of traces that is kept can be none, but for those of a caller who says so", async () => {
  const easel = await start({ EASEL_OTEL_RATIO: "0" });
  await call(easel);
  await call(easel, { traceparent: `00-${TRACE}-${PARENT}-01` });
  const spans = await spansOf(easel);
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
});

test("calls are answered though nobody receives their traces", async () => {
  const easel = await start({ EASEL_OTEL_ENDPOINT: "http://127.0.0.1:9" });
  await call(easel);
  expect(await spansOf(easel)).toEqual([]);
});
