import type { ProbeResult, Send } from "@easel/connector";
import { z } from "zod";
import { readBody } from "./answers.ts";
import { problem } from "./problems.ts";
import { editionOf, hostOf } from "./server-url.ts";
import { strayProblem, unreachableProblem } from "./unanswered.ts";

/** The newest API version whose shapes Easel knows (Tableau Server 2026.2). */
export const newestApiVersion = "3.29";

/** Asks a server what it is. `serverinfo` needs no sign-in and answers at any version; 2.4 is the first that has it. */
export async function probe(serverUrl: string, send: Send): Promise<ProbeResult> {
  const answer = await send({
    method: "GET",
    url: `${serverUrl}/api/2.4/serverinfo`,
    headers: { accept: "application/json" },
  });
  if (answer.kind === "unreachable") return { kind: "notFound", problem: unreachableProblem(serverUrl, answer.reason) };
  const stray = strayProblem(serverUrl, answer);
  if (stray !== null) return { kind: "notFound", problem: stray };
  const read = serverInfoBody.safeParse(answer.status === 200 ? readBody(answer.body) : null);
  if (!read.success) {
    return { kind: "notFound", problem: problem("tableau_server_not_tableau", { host: hostOf(serverUrl) }) };
  }
  const { productVersion, restApiVersion } = read.data.serverInfo;
  return {
    kind: "found",
    server: {
      serverUrl,
      edition: editionOf(serverUrl),
      productVersion,
      apiVersion: olderVersion(restApiVersion, newestApiVersion),
    },
  };
}

/** Text beside attributes is an object with `value`; text alone is a string. */
const text = z.union([z.string(), z.object({ value: z.string() }).transform((element) => element.value)]);
const serverInfo = z.object({
  serverInfo: z.object({
    productVersion: text.pipe(z.string().min(1).max(64)),
    restApiVersion: text.pipe(z.string().regex(/^\d{1,2}\.\d{1,3}$/)),
  }),
});
const serverInfoBody = z.union([serverInfo, z.object({ tsResponse: serverInfo }).transform((body) => body.tsResponse)]);

/** 3.9 is older than 3.10. */
function olderVersion(one: string, other: string): string {
  return compareVersions(one, other) <= 0 ? one : other;
}

/** Negative where `one` is older. Both as `major.minor`. */
export function compareVersions(one: string, other: string): number {
  const [major = 0, minor = 0] = one.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return major === otherMajor ? minor - otherMinor : major - otherMajor;
}
