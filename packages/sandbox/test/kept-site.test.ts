import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { routes } from "../src/rest/table.ts";
import { openTestSandbox } from "../src/testing/client.ts";
import { answersBytes, walk } from "../src/testing/walk.ts";
import { live } from "./life.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sandbox-kept-"));
});
afterEach(() => rm(directory, { recursive: true }));

/** What has happened lately is told in times: it stands still, so that it is told the same after the restart. */
const now = Date.now();

function start(edition: "cloud" | "server") {
  const stateFile = join(directory, "site.state");
  return openTestSandbox({ edition, clock: () => now, dataDirectory: directory, stateFile });
}

describe.each(["cloud", "server"] as const)("a site of Tableau %s", (edition) => {
  test("answers the same on every route after a life of writes and a restart", { timeout: 120_000 }, async () => {
    const first = await start(edition);
    const before = await first.administrator();
    const { known } = await live(before, edition);
    const addresses = await walk(routes, { edition, siteId: before.site.id, read: before.call, known });
    const paths = [...addresses.values()].flat().filter(({ template }) => !answersBytes.test(template));
    const told = async (call: typeof before.call, { url }: { url: string }) => {
      const answers = new Map<string, string>();
      for (const { path } of paths) answers.set(path, (await (await call(path)).text()).replaceAll(url, "…"));
      return answers;
    };
    const answers = await told(before.call, first);
    await first.close();
    const second = await start(edition);
    const again = await told((await second.administrator()).call, second);
    await second.close();
    expect(answers.size).toBeGreaterThan(200);
    for (const [path, answer] of answers) expect(again.get(path), path).toBe(answer);
  });
});
