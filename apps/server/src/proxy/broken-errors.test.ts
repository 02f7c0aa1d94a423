import { once } from "node:events";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeTableau, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";

let easel: TestEasel;
let tableau: FakeTableau;
beforeAll(async () => {
  tableau = await startFakeTableau();
  easel = await startTestEasel({ egressAllow: [tableau.host] });
  const secret = { method: "pat", tokenName: "easel", tokenSecret: "the secret" };
  await easel.project.connect("ana", { serverUrl: tableau.url, site: "acme", ...secret });
});
afterAll(async () => {
  await easel.close();
  await tableau.close();
});

const call = () => easel.project.call("ana", "/sdk/proxy/tableau/projects");

describe("an error of Tableau's that is none as it should be", () => {
  test("is not read on when it is packed and larger than anybody holds", async () => {
    const block = gzipSync(Buffer.alloc(1_000_000, "x"));
    let closed: Promise<unknown> | undefined;
    tableau.answer((_request, response) => {
      closed = once(response, "close");
      response.writeHead(400, { "content-type": "text/plain", "content-encoding": "gzip" });
      // Without an end: somebody has to give it up.
      response.write(block);
    });
    const response = await call();
    expect(response.status).toBe(400);
    expect(await response.json()).toHaveProperty("output.length", 65_536);
    await closed;
  });

  test.each(["gzip", "br", "zstd", "deflate"])("keeps its status when it is not packed as it says (%s)", async (as) => {
    let closed: Promise<unknown> | undefined;
    tableau.answer((_request, response) => {
      closed = once(response, "close");
      response.writeHead(422, { "content-type": "application/json", "content-encoding": as });
      response.write("no such packing, and no end either".repeat(10));
    });
    const response = await call();
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: "tableau.422", status: 422 });
    await closed;
  });

  test("keeps its status when it is cut off", async () => {
    tableau.answer((_request, response) => {
      response.writeHead(400, { "content-type": "application/json", "content-length": "100" });
      response.write('{"error":', () => response.destroy());
    });
    const response = await call();
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "tableau.400", output: '{"error":' });
  });

  test("is passed on however deep it is", async () => {
    const deep = `{"error":{"code":"400006","summary":"Bad"},"deep":${"[".repeat(30_000)}${"]".repeat(30_000)}}`;
    tableau.answer((_request, response) => response.writeHead(400, { "content-type": "application/json" }).end(deep));
    const response = await call();
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: "tableau.400006" });
    expect(text).toContain(deep);
  });
});
