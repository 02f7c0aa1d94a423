import { parentPort } from "node:worker_threads";
import { make, type Order } from "./make.ts";

/** What the drawing thread answers: the bytes, or why there are none. */
export type Answer = { id: number; bytes: Uint8Array } | { id: number; error: string };

/** The drawing thread: takes one order after the other from studio.ts. */
parentPort?.on("message", async ({ id, order }: { id: number; order: Order }) => {
  const answer: Answer = await make(order).then(
    (bytes) => ({ id, bytes }),
    (error: unknown) => ({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
  parentPort?.postMessage(answer);
});
