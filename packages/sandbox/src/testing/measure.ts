import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import * as z from "zod";
import { signedIn } from "./client.ts";
import { type Moved, moveLargeFile } from "./large-file.ts";

const readySchema = z.object({
  keys: z.object({ url: z.string(), pat: z.object({ name: z.string(), secret: z.string() }) }),
});
const memorySchema = z.object({ now: z.number(), most: z.number() });

/** What moving a file took, and how much more memory the sandbox had at most than before, in MB. */
export type Measured = Moved & { megabytes: number; memoryMb: number };

/** Moves a large file into and out of a sandbox in a process of its own, and watches its memory. */
export async function measureLargeFile(megabytes: number): Promise<Measured> {
  const child = fork(new URL("./measured-sandbox.ts", import.meta.url), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  try {
    const [ready] = await once(child, "message");
    const { keys } = readySchema.parse(ready);
    const { name, secret } = keys.pat;
    const session = await signedIn(keys, { personalAccessTokenName: name, personalAccessTokenSecret: secret });
    // A small one first: code and buffers that every file needs are no part of a large one's memory.
    await moveLargeFile(session, 8);
    const before = await memoryOf(child, "forget");
    const moved = await moveLargeFile(session, megabytes);
    const after = await memoryOf(child, "tell");
    return { megabytes, ...moved, memoryMb: Math.round((after.most - before.now) / 1024 / 1024) };
  } finally {
    child.disconnect();
    await once(child, "exit");
  }
}

async function memoryOf(child: ChildProcess, asked: "forget" | "tell") {
  child.send(asked);
  const [memory] = await once(child, "message");
  return memorySchema.parse(memory);
}
