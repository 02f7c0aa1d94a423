import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { sandboxControl } from "../testing/sandbox-control.ts";
import { startTestEasel } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";

test("a connection that a browser opened ahead of time does not delay the stop", async () => {
  const easel = await startTestEasel();
  const socket = connect(Number(new URL(easel.origin).port), "127.0.0.1");
  await once(socket, "connect");
  const ended = once(socket, "close");
  const started = performance.now();
  await easel.close();
  await ended;
  expect(performance.now() - started).toBeLessThan(3000);
});

test("a connection that a client keeps after its last answer does not delay the stop", async () => {
  const easel = await startTestEasel();
  await easel.project.connect("ana");
  const { calls, order } = sandboxControl(easel.sandbox);
  await order({ slowMs: 500 });
  // fetch keeps its connections for the next call.
  const slow = easel.project.call("ana", "/sdk/proxy/tableau/projects");
  await waitFor(async () => (await calls("GET /sites/{siteId}/projects")) > 0);
  const started = performance.now();
  const closed = easel.close();
  expect((await slow).status).toBe(200);
  await closed;
  expect(performance.now() - started).toBeLessThan(3000);
});
