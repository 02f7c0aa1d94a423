import { readFile, stat } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";

const patSchema = z.object({ name: z.string(), secret: z.string() });
const sandboxUserSchema = z.object({ name: z.string(), password: z.string(), role: z.string(), pat: patSchema });

/** What Easel's server writes for the demo, `<data dir>/demo.json`, mode 0600. Only this server reads it; pages never see it whole. */
const demoSchema = z.object({
  origin: z.url().transform((url) => new URL(url).origin),
  demoOrigin: z.url().transform((url) => new URL(url).origin),
  projectId: z.string(),
  integrationId: z.string(),
  signingKey: z.object({ kid: z.string(), privateKey: z.string() }),
  sandbox: z.object({
    url: z.url(),
    site: z.object({ contentUrl: z.string() }),
    users: z.array(sandboxUserSchema),
  }),
});
export type Demo = z.infer<typeof demoSchema>;
export type SandboxUser = z.infer<typeof sandboxUserSchema>;

export type DemoFileState = { kind: "ready"; demo: Demo } | { kind: "missing" } | { kind: "unusable"; reason: string };

/** The demo file at one path. */
export type DemoFile = {
  /** The file as it is now; parsed again only when it changed. */
  read: () => Promise<DemoFileState>;
  /** Looks every 100 ms until the file is ready or `timeoutMs` is over; answers with the last state seen. */
  waitUntilReady: (timeoutMs: number) => Promise<DemoFileState>;
};

/** Opens the demo file at `path`. It may not exist yet: Easel's server writes it when it has seeded the demo project. */
export function openDemoFile(path: string): DemoFile {
  let held: { stamp: string; state: DemoFileState } | undefined;

  async function read(): Promise<DemoFileState> {
    const stamp = await stampOf(path);
    if (stamp === undefined) return { kind: "missing" };
    if (held?.stamp === stamp) return held.state;
    const state = await parse(path);
    // A file caught half-written would else stay "unusable" where the clock of the file system is coarse.
    held = state.kind === "ready" ? { stamp, state } : undefined;
    return state;
  }

  async function waitUntilReady(timeoutMs: number): Promise<DemoFileState> {
    let state = await read();
    for (let waited = 0; state.kind !== "ready" && waited < timeoutMs; waited += 100) {
      await wait(100);
      state = await read();
    }
    return state;
  }

  return { read, waitUntilReady };
}

async function stampOf(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path, { bigint: true });
    return `${found.ino}.${found.mtimeNs}.${found.size}`;
  } catch {
    return undefined;
  }
}

async function parse(path: string): Promise<DemoFileState> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    return { kind: "unusable", reason: error instanceof Error ? error.message : "It cannot be read." };
  }
  try {
    const parsed = demoSchema.safeParse(JSON.parse(text));
    return parsed.success
      ? { kind: "ready", demo: parsed.data }
      : { kind: "unusable", reason: z.prettifyError(parsed.error) };
  } catch {
    // The parser's own message quotes the text, and the text holds secrets.
    return { kind: "unusable", reason: "It is not JSON." };
  }
}
