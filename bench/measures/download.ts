import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import type { Way } from "../stage.ts";
import { inRounds, median, type Samples } from "./rounds.ts";

export interface Download {
  /** From the request to the first byte of the body, in milliseconds. */
  readonly firstByteMs: number;
  /** What the way's process has more, at most, while `AT_ONCE` are under way, in bytes. */
  readonly memory: number;
}

/** 200 MB. */
const LARGE = "/workbooks/22222222-2222-4333-8444-555555555555/content";
const AT_ONCE = 4;
const TRIES = 5;
const LOOK_EVERY_MS = 20;

export function measureDownloads(ways: readonly Way[], rounds: number): Promise<Samples<Download>> {
  return inRounds(ways, rounds, async (way) => {
    const firstBytes: number[] = [];
    for (let attempt = 0; attempt < TRIES; attempt += 1) firstBytes.push(await firstByte(way));
    return { firstByteMs: median(firstBytes), memory: await memoryOfFour(way) };
  });
}

/** Leaves once the first byte is there. */
async function firstByte(way: Way): Promise<number> {
  const started = performance.now();
  const answer = await begin(way);
  await once(answer, "data");
  const ms = performance.now() - started;
  answer.destroy();
  return ms;
}

async function memoryOfFour(way: Way): Promise<number> {
  const before = way.process.memory();
  let most = before;
  const looking = setInterval(() => {
    most = Math.max(most, way.process.memory());
  }, LOOK_EVERY_MS);
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, () => readAll(way)));
  } finally {
    clearInterval(looking);
  }
  return most - before;
}

async function readAll(way: Way): Promise<void> {
  const answer = await begin(way);
  let bytes = 0;
  answer.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await once(answer, "end");
  if (bytes !== Number(answer.headers["content-length"])) throw new Error(`${way.title} sent ${bytes} bytes.`);
}

async function begin({ base, callers, title }: Way): Promise<IncomingMessage> {
  const request = get(base + LARGE, { headers: { [callers.header]: callers.values[0] }, agent: false });
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`${title} answered ${answer.statusCode}.`);
  return answer;
}
