import { afterAll, beforeAll, expect, test } from "vitest";
import { json } from "../testing/fake-tableau.ts";
import { type HelpedEasel, startHelpedEasel } from "./calls.fixture.ts";

let helped: HelpedEasel;
beforeAll(async () => {
  helped = await startHelpedEasel();
});
afterAll(() => helped.close());

const NORMALIZE = { "easel-normalize": "1" };

test("lists become arrays, numbers and booleans what they are, and nothing else changes", async () => {
  const plain = (await (await helped.call("ana", "/workbooks?pageSize=5")).json()) as {
    output: { workbooks: { workbook: { name: string; size: string | number; contentUrl: string }[] } };
  };
  const response = await helped.call("ana", "/workbooks?pageSize=5", { headers: NORMALIZE });
  const { output } = (await response.json()) as typeof plain & { output: { workbooks: object[] } };
  expect(output).toMatchObject({ pagination: { pageNumber: 1, pageSize: 5, totalAvailable: expect.any(Number) } });
  expect(output.workbooks).toHaveLength(5);
  plain.output.workbooks.workbook.forEach(({ name, contentUrl, size }, at) => {
    expect(output.workbooks[at]).toMatchObject({ name, contentUrl, size: Number(size), showTabs: expect.any(Boolean) });
  });
});

test("empty lists are empty arrays, by header or by query, wrapped or raw", async () => {
  const none = "/workbooks?filter=name:eq:there-is-none";
  expect(await (await helped.call("ana", none, { headers: NORMALIZE })).json()).toMatchObject({
    output: { workbooks: [] },
  });
  const raw = await helped.call("ana", `${none}&easel-normalize=true`, {
    headers: { "x-paragon-use-raw-response": "1", accept: "*/*" },
  });
  expect(await raw.json()).toMatchObject({ pagination: { totalAvailable: 0 }, workbooks: [] });
});

test("what holds no JSON passes on as it is, and errors keep their words", async () => {
  const created = await helped.call("ana", "/projects", {
    method: "POST",
    json: { project: { name: "To be deleted" } },
    headers: NORMALIZE,
  });
  const { output } = (await created.json()) as { output: { project: { id: string; topLevelProject?: boolean } } };
  expect(created.status).toBe(201);
  const deleted = await helped.call("ana", `/projects/${output.project.id}`, { method: "DELETE", headers: NORMALIZE });
  expect(deleted.status).toBe(204);
  const unknown = await helped.call("ana", "/workbooks/00000000-0000-4000-8000-000000000000", { headers: NORMALIZE });
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({ code: expect.stringMatching(/^tableau\.404/) });
});

test("answers that are typed already pass through as they come, numbers that no program here could hold too", async () => {
  const rows = '{"data": [{"size":"12","id":12345678901234567890}]}';
  helped.fake.answer((_request, response) => response.writeHead(200, { "content-type": "application/json" }).end(rows));
  const query = { method: "POST", json: {}, headers: NORMALIZE };
  const response = await helped.call("fake", "/api/v1/vizql-data-service/query-datasource", query);
  expect(await response.text()).toBe(`{"output":${rows}}`);
});

test("a compressed answer is unpacked, and its length is told anew", async () => {
  const { gzipSync } = await import("node:zlib");
  helped.fake.answer((_request, response) => {
    const headers = { "content-type": "application/json", "content-encoding": "gzip", etag: '"1"' };
    response.writeHead(200, headers).end(gzipSync('{"tags":{}}'));
  });
  const response = await helped.call("fake", "/projects", { headers: NORMALIZE });
  expect(await response.text()).toBe('{"output":{"tags":[]}}');
  expect(response.headers.get("content-length")).toBe("22");
  expect(response.headers.has("etag")).toBe(false);
});

test.each([
  ["/views/x/data", {}],
  ["/projects", { accept: "text/csv" }],
])("of %s with %j is refused before anything is sent", async (path, headers) => {
  helped.fake.answer((_request, response) => json(response, 200, {}));
  const before = helped.fake.received.length;
  const response = await helped.call("fake", path, { headers: { ...NORMALIZE, ...headers } });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: "help_impossible" });
  expect(helped.fake.received).toHaveLength(before);
});
