import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Checkout, makeCheckout, type Started } from "./stand-in.fixture.ts";

const SLOW_MS = 60_000;

let checkout: Checkout;
beforeEach(() => {
  checkout = makeCheckout();
});
afterEach(() => checkout.dispose());

const until = (condition: () => unknown) => vi.waitFor(condition, { timeout: 25_000, interval: 20 });

/** Waits for the stand-in server; its process id. */
async function ready(started: Started): Promise<number> {
  await until(() => expect(started.stdout(), started.stderr()).toMatch(/^ready \d+$/m));
  return Number(/^ready (\d+)$/m.exec(started.stdout())?.[1]);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("preparing", () => {
  test("a fresh clone is installed and built once, and says so", { timeout: SLOW_MS }, async () => {
    const first = checkout.launch(["start", "--exit", "0"]);
    expect(await first.ended, first.stderr()).toBe(0);
    expect(first.stderr()).toContain("Installing Easel's packages");
    expect(first.stderr()).toContain("Building the web pages (portal, demo)");
    expect(readFileSync(join(checkout.root, "apps/portal/dist/index.html"), "utf8")).toBe("portal");

    const second = checkout.launch(["start", "--exit", "0"]);
    expect(await second.ended).toBe(0);
    expect(second.stderr()).toBe("");
  });

  test("only the pages whose sources changed are built again", { timeout: SLOW_MS }, async () => {
    await checkout.launch(["build"]).ended;
    checkout.write("apps/portal/web.txt", "portal, changed");
    const again = checkout.launch(["build"]);
    expect(await again.ended).toBe(0);
    expect(again.stderr()).toBe("Building the web pages (portal)…\n");
  });

  test("a changed package.json installs again", { timeout: SLOW_MS }, async () => {
    await checkout.launch(["build"]).ended;
    checkout.write("tools/vite/package.json", JSON.stringify({ name: "vite", version: "1.0.0", type: "module", a: 1 }));
    const again = checkout.launch(["easel"]);
    expect(await again.ended).toBe(0);
    expect(again.stderr()).toContain("Installing");
  });

  test("a build that fails shows what the tool said, and nothing starts", { timeout: SLOW_MS }, async () => {
    checkout.write("apps/portal/web.txt", "broken");
    const started = checkout.launch(["start"]);
    expect(await started.ended).toBe(1);
    expect(started.stderr()).toContain("web.txt: this is broken");
    expect(started.stderr()).toContain("easel: The web pages could not be built: portal.");
    expect(started.stdout()).toBe("");
  });

  test("two starts of a fresh clone at once install once", { timeout: SLOW_MS }, async () => {
    const both = [checkout.launch(["start", "--exit", "0"]), checkout.launch(["start", "--exit", "0"])];
    expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
    const said = both.map(({ stderr }) => stderr()).join("");
    expect(said.match(/Installing/g)).toHaveLength(1);
    expect(said.match(/Building/g)).toHaveLength(1);
  });

  test("an install that was cut off is done again", { timeout: SLOW_MS }, async () => {
    await checkout.launch(["build"]).ended;
    checkout.remove("node_modules/.easel-install");
    const again = checkout.launch(["build"]);
    expect(await again.ended).toBe(0);
    expect(again.stderr()).toContain("Installing");
  });

  test("the command line has stdout to itself", { timeout: SLOW_MS }, async () => {
    const started = checkout.run("npm", ["run", "-s", "easel", "--", "token", "--user", "ana b"]);
    expect(await started.ended, started.stderr()).toBe(0);
    expect(JSON.parse(started.stdout())).toMatchObject({ args: ["token", "--user", "ana b"] });
  });

  test("an unknown command says what there is", async () => {
    const started = checkout.launch(["fly"]);
    expect(await started.ended).toBe(2);
    expect(started.stderr()).toContain("<start|test|build|easel|bench>");
  });
});

describe("running", () => {
  beforeEach(async () => {
    await checkout.launch(["build"]).ended;
  }, SLOW_MS);

  test("the server's exit code is ours", async () => {
    expect(await checkout.launch(["start", "--exit", "7"]).ended).toBe(7);
  });

  test("a server that a signal ended is named as shells do", async () => {
    const started = checkout.launch(["start"]);
    process.kill(await ready(started), "SIGKILL");
    expect(await started.ended).toBe(128 + 9);
  });

  test.for(["SIGTERM", "SIGINT", "SIGHUP"] as const)("%s reaches the server, once", async (name) => {
    const started = checkout.launch(["start"]);
    await ready(started);
    started.child.kill(name);
    await until(() => expect(started.stdout()).toContain(name));
    started.child.kill(name);
    started.child.kill("SIGTERM");
    expect(await started.ended).toBe(0);
    expect(started.stdout().match(/^SIG.*$/gm)).toEqual([name]);
  });

  test("a server that does not stop is killed after its time", { timeout: SLOW_MS }, async () => {
    const started = checkout.launch(["start", "--stubborn"]);
    const server = await ready(started);
    started.child.kill("SIGTERM");
    expect(await started.ended).toBe(128 + 9);
    expect(isRunning(server)).toBe(false);
  });

  test("the server learns that the launcher was killed", async () => {
    const started = checkout.launch(["start"]);
    const server = await ready(started);
    started.child.kill("SIGKILL");
    await until(() => expect(started.stdout()).toContain("disconnect"));
    await until(() => expect(isRunning(server)).toBe(false));
  });

  test.for(["SIGTERM", "SIGINT"] as const)("%s on npm stops the server", async (name) => {
    const started = checkout.run("npm", ["start"]);
    const server = await ready(started);
    started.child.kill(name);
    await started.ended;
    expect(started.stdout()).toContain(name);
    await until(() => expect(isRunning(server)).toBe(false));
  });

  test("the server is stopped when npm was killed", async () => {
    const started = checkout.run("npm", ["start"]);
    const server = await ready(started);
    started.child.kill("SIGKILL");
    await until(() => expect(started.stdout()).toContain("SIGTERM"));
    await until(() => expect(isRunning(server)).toBe(false));
  });
});

describe("on an older Node.js", () => {
  /** Makes the launcher, and nothing that it starts, believe that it runs on Node.js 20. */
  const OLDER = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})";
  /** Answers `npm exec` with the path of a Node.js, and everything else as npm does. */
  const NPM = `
    import { appendFileSync, existsSync } from "node:fs";
    if (process.argv[2] !== "exec") process.exit(0);
    appendFileSync("npm-calls", process.argv.slice(2).join(" ") + "\\n");
    if (existsSync("offline")) { console.error("npm error network"); process.exit(1); }
    console.log(process.cwd() + "/fetched-node");
  `;
  const calls = () => {
    const file = join(checkout.root, "npm-calls");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  };
  const launch = () =>
    checkout.run(process.execPath, [`--import=${OLDER}`, "launcher/launch.mjs", "easel"], {
      npm_execpath: join(checkout.root, "npm", "npm-cli.js"),
    });
  const fetched = () => join(checkout.root, "fetched-node");
  const provide = (version: string) => {
    const script = `#!/bin/sh\nif [ "$1" = --version ]; then echo v${version}; else exec ${process.execPath} "$@"; fi\n`;
    checkout.write("fetched-node", script);
    chmodSync(fetched(), 0o755);
  };

  beforeEach(async () => {
    await checkout.launch(["build"]).ended;
    checkout.write("npm/package.json", JSON.stringify({ type: "module" }));
    checkout.write("npm/npm-cli.js", NPM);
    provide("24.21.0");
  }, SLOW_MS);

  test("the pinned one is fetched once, said once, and needs no network afterwards", async () => {
    const first = launch();
    expect(await first.ended, first.stderr()).toBe(0);
    expect(first.stderr()).toContain("this is 20.20.2: fetching 24.21.0 through npm, once…");
    checkout.write("offline", "");
    const second = launch();
    expect(await second.ended, second.stderr()).toBe(0);
    expect(second.stderr()).toBe("");
    expect(calls()).toHaveLength(1);
    expect(calls()[0]).toMatch(/^exec --yes --ignore-scripts .*--package=node-\w+-\w+@24\.21\.0 /);
  });

  test("one that has gone, or is another version by now, is fetched again", async () => {
    await launch().ended;
    checkout.remove("fetched-node");
    const gone = launch();
    await gone.ended;
    expect(gone.stderr()).toContain("could not be fetched");
    expect(calls()).toHaveLength(2);
    provide("22.0.0");
    await launch().ended;
    expect(calls()).toHaveLength(3);
  });

  test("without a network one sentence says what to do", async () => {
    checkout.write("offline", "");
    const started = launch();
    expect(await started.ended).toBe(1);
    expect(started.stderr()).toMatch(/easel: Node\.js 24\.21\.0 could not be fetched .* Install Node\.js 24 or newer/);
    expect(started.stdout()).toBe("");
  });
});

describe("npm test", () => {
  const BROWSER = { EASEL_CHROMIUM: process.execPath };
  const report = (passed: number, failed: number, skipped: number, testResults: object[] = []) => ({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: skipped,
    numTodoTests: 0,
    testResults,
  });
  const set = (unit: object, browser: object) =>
    checkout.write("tests.json", JSON.stringify({ unit, server: report(0, 0, 0), browser }));
  const lastLine = (started: Started) => started.stdout().trimEnd().split("\n").at(-1);

  test("adds everything up in its last line", { timeout: SLOW_MS }, async () => {
    set(report(40, 0, 2), report(5, 0, 0));
    const started = checkout.launch(["test", "packages/postgres"], BROWSER);
    expect(await started.ended, started.stderr()).toBe(0);
    expect(started.stdout()).toContain("vitest unit run packages/postgres");
    expect(started.stdout()).toContain("vitest server run packages/postgres");
    // 45 tests, lint, and the types of six parts.
    expect(lastLine(started)).toBe("52 passed, 0 failed, 2 skipped");
  });

  test("goes on after a failure, and fails", { timeout: SLOW_MS }, async () => {
    set(report(1, 2, 0), report(3, 0, 0, [{ status: "failed", assertionResults: [] }]));
    checkout.write("biome-fails", "");
    const started = checkout.launch(["test"], BROWSER);
    expect(await started.ended, started.stderr()).toBe(1);
    expect(started.stdout()).toMatch(/FAIL {2}lint/);
    expect(started.stdout()).toMatch(/ok {4}types/);
    expect(lastLine(started)).toBe("10 passed, 4 failed, 0 skipped");
  });

  test("counts a run that reports nothing as a failure", { timeout: SLOW_MS }, async () => {
    const started = checkout.launch(["test"], BROWSER);
    expect(await started.ended).toBe(1);
    expect(lastLine(started)).toBe("7 passed, 3 failed, 0 skipped");
  });

  test.for([
    { CI: "", code: 0, last: "9 passed, 0 failed, 1 skipped" },
    { CI: "true", code: 1, last: "9 passed, 1 failed, 0 skipped" },
  ])("without a browser it says how to get one (CI=$CI)", { timeout: SLOW_MS }, async ({ CI, code, last }) => {
    set(report(2, 0, 0), report(1, 0, 0));
    const started = checkout.launch(["test"], { CI, EASEL_CHROMIUM: "/nowhere/chromium" });
    expect(await started.ended, started.stderr()).toBe(code);
    expect(started.stderr()).toContain("apt-get install chromium");
    expect(lastLine(started)).toBe(last);
  });
});
