import { Worker } from "node:worker_threads";
import type { Order } from "./make.ts";
import type { Answer } from "./worker.ts";

/** More orders than this waiting and further ones are refused: nobody waits for them. */
const mostWaiting = 100;

/** A drawing that takes longer than this is given up, and its thread ended, in ms. */
const longestDrawing = 30_000;

/** The memory of the drawing thread, in MB. */
const mostMemory = 512;

/** The bytes; or that too many wait, that it took too long, or that it went wrong. */
export type Made = Uint8Array | "busy" | "late" | "failed";

export type Studio = ReturnType<typeof openStudio>;

type Waiting = { id: number; order: Order; done: (made: Made) => void };

/**
 * Draws pictures in a thread of its own, so that the server answers meanwhile: one after the other, in the order in
 * which they were asked for. The thread is started with the first order.
 */
export function openStudio() {
  const waiting: Waiting[] = [];
  let current: (Waiting & { timer: NodeJS.Timeout }) | undefined;
  let worker: Worker | undefined;
  let lastId = 0;

  function startWorker(): Worker {
    // Beside this file, and called as this one is: `.ts` in the sources, `.js` in a built package.
    const started = new Worker(new URL(`./worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: mostMemory },
    });
    started.on("message", (answer: Answer) => {
      if (answer.id !== current?.id) return;
      if (!("error" in answer)) return finish(answer.bytes);
      console.error(`A picture could not be drawn: ${answer.error}`);
      endWorker(started); // WebAssembly that has failed once is not to be trusted
      return undefined;
    });
    started.on("error", (error) => {
      console.error("The drawing thread failed:", error);
      endWorker(started);
    });
    started.on("exit", () => endWorker(started));
    return started;
  }

  function endWorker(ended: Worker, made: Made = "failed"): void {
    if (worker !== ended) return;
    worker = undefined;
    void ended.terminate();
    finish(made);
  }

  function finish(made: Made): void {
    const finished = current;
    current = undefined;
    clearTimeout(finished?.timer);
    finished?.done(made);
    next();
  }

  function next(): void {
    if (current !== undefined) return;
    const order = waiting.shift();
    if (order === undefined) {
      worker?.unref(); // an idle thread does not keep the process
      return;
    }
    worker ??= startWorker();
    const used = worker;
    used.ref();
    current = { ...order, timer: setTimeout(() => endWorker(used, "late"), longestDrawing) };
    used.postMessage({ id: order.id, order: order.order });
  }

  return {
    make(order: Order): Promise<Made> {
      if (waiting.length >= mostWaiting) return Promise.resolve("busy");
      return new Promise((done) => {
        waiting.push({ id: ++lastId, order, done });
        next();
      });
    },

    async close(): Promise<void> {
      for (const order of waiting.splice(0)) order.done("failed");
      const ended = worker;
      worker = undefined;
      clearTimeout(current?.timer);
      current?.done("failed");
      current = undefined;
      await ended?.terminate();
    },
  };
}
