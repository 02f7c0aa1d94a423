import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { startTestEasel } from "../testing/test-easel.ts";

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
