import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import autocannon from "autocannon";

/** Who calls, and in which order: `order` holds places in `values`, and is repeated. */
export interface Callers {
  /** The header that says who calls. */
  readonly header: string;
  readonly values: readonly string[];
  readonly order: readonly number[];
}

export interface Load {
  readonly url: string;
  readonly callers: Callers;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly medianMs: number;
}

/** Gets the URL again and again over so many connections. Fails where any answer was not a success. */
export type RunLoad = (load: Load) => Promise<LoadResult>;

const run = promisify(execFile);

/** wrk where it is on the PATH: it leaves the processors to those who are measured. Else autocannon. */
export async function findLoad(): Promise<{ name: string; runLoad: RunLoad }> {
  // It has no option that ends well.
  const hasWrk = await run("wrk", ["-v"]).then(
    () => true,
    (error: unknown) => error instanceof Error && "stdout" in error && String(error.stdout).startsWith("wrk"),
  );
  return hasWrk ? { name: "wrk", runLoad: runWrk } : { name: "autocannon", runLoad: runAutocannon };
}

const SCRIPT = join(import.meta.dirname, "load.lua");

const runWrk: RunLoad = async ({ url, callers, connections, seconds }) => {
  const directory = await mkdtemp(join(tmpdir(), "easel-bench-"));
  try {
    const file = join(directory, "callers");
    await writeFile(file, [callers.header, ...callers.values, "order", ...callers.order].join("\n"));
    const options = ["-t", "1", "-c", String(connections), "-d", `${seconds}s`, "--timeout", "10s", "-s", SCRIPT];
    const { stdout } = await run("wrk", [...options, url, "--", file]);
    const [, said] = /^RESULT (.*)$/m.exec(stdout) ?? [];
    const { requests, seconds: took, medianMs, errors } = JSON.parse(said ?? "{}");
    return checked({ requests, perSecond: requests / took, medianMs }, errors, url);
  } finally {
    await rm(directory, { recursive: true });
  }
};

const runAutocannon: RunLoad = async ({ url, callers, connections, seconds }) => {
  const { header, values, order } = callers;
  let at = 0;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      {
        setupRequest: (request) => {
          at = (at + 1) % order.length;
          return { ...request, headers: { ...request.headers, [header]: values[order[at] ?? 0] } };
        },
      },
    ],
  });
  const { requests, latency, errors, non2xx, duration } = result;
  return checked(
    { requests: requests.total, perSecond: requests.total / duration, medianMs: latency.p50 },
    errors + non2xx,
    url,
  );
};

function checked(result: LoadResult, errors: number, url: string): LoadResult {
  if (errors !== 0 || !(result.requests > 0))
    throw new Error(`${errors} of ${result.requests} calls of ${url} failed.`);
  return result;
}
