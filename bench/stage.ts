import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedPostgres, startPostgres } from "@easel/postgres";
import { type Child, startChild } from "./child.ts";
import { type BenchEasel, startEasel } from "./easel.ts";
import type { Callers } from "./load.ts";

export type Name = "direct" | "bare" | "fastify" | "easel";

/** One way to the same answer. */
export interface Way {
  readonly name: Name;
  /** In words, for the table. */
  readonly title: string;
  /** Whose processor time and memory count. */
  readonly process: Child;
  /** Below it is what Tableau has below its site. */
  readonly base: string;
  readonly callers: Callers;
}

/** Everything that is measured, started. */
export interface Stage {
  readonly ways: readonly Way[];
  readonly easel: BenchEasel;
  readonly databaseUrl: string;
  close(): Promise<void>;
}

const LISTENING = /^listening (\S+)$/;
const SITE = "/api/3.27/sites/11111111-2222-4333-8444-555555555555";

export async function setUp({ profile }: { profile: string | null }): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), "easel-bench-"));
  const closing: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of closing.toReversed()) await end();
  };
  const start = async (script: string, ...args: string[]): Promise<Child> => {
    const child = await startChild(join(import.meta.dirname, script), { args, ready: LISTENING });
    closing.push(child.stop);
    return child;
  };
  try {
    const postgres: EmbeddedPostgres = await startPostgres({
      dataDirectory: join(directory, "postgres"),
      log: () => {},
    });
    closing.push(postgres.stop);
    const upstream = await start("upstream.ts");
    const bare = await start("rivals/bare.ts", upstream.origin);
    const fastify = await start("rivals/fastify.ts", upstream.origin);
    const easel = await startEasel({ directory, databaseUrl: postgres.url(), upstream: upstream.origin, profile });
    closing.push(easel.stop);

    const session = callersOf("x-tableau-auth", [await signIn(upstream.origin)]);
    const ways: readonly Way[] = [
      { name: "direct", title: "no proxy", process: upstream, base: upstream.origin + SITE, callers: session },
      { name: "bare", title: "bare node:http + undici", process: bare, base: bare.origin + SITE, callers: session },
      {
        name: "fastify",
        title: "@fastify/http-proxy",
        process: fastify,
        base: fastify.origin + SITE,
        callers: session,
      },
      {
        name: "easel",
        title: "Easel",
        process: easel,
        base: easel.tableau,
        callers: callersOf("authorization", [`Bearer ${await easel.connect("ana")}`]),
      },
    ];
    return { ways, easel, databaseUrl: postgres.url(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One after the other, unless said otherwise. */
export function callersOf(
  header: string,
  values: readonly string[],
  order: readonly number[] = [...values.keys()],
): Callers {
  return { header, values, order };
}

async function signIn(upstream: string): Promise<string> {
  const response = await fetch(`${upstream}/api/3.27/auth/signin`, { method: "POST", body: "{}" });
  const { credentials } = (await response.json()) as { credentials: { token: string } };
  return credentials.token;
}
