import { defineConfig } from "vitest/config";

/** Long enough for a server of our own to start beside others on two slow cores, in ms. */
const UNIT_TIMEOUT = 20_000;
const BROWSER_TIMEOUT = 60_000;

export default defineConfig({
  test: {
    pool: "forks",
    // Tests start servers and databases of their own: more workers than this only make each of them wait.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "packages/**/*.test.{ts,tsx}",
            "apps/{portal,demo}/**/*.test.{ts,tsx}",
            "launcher/**/*.test.ts",
            "bench/*.test.ts",
          ],
          exclude: ["**/node_modules/**", "**/dist/**"],
          // Loading all modules anew for each file took longer than most tests: no file may leave anything in a module.
          isolate: false,
          testTimeout: UNIT_TIMEOUT,
          hookTimeout: UNIT_TIMEOUT,
        },
      },
      {
        extends: true,
        test: {
          name: "server",
          include: ["apps/server/**/*.test.ts"],
          testTimeout: UNIT_TIMEOUT,
          hookTimeout: UNIT_TIMEOUT,
          // The one PostgreSQL of a run, whose template each test file copies.
          globalSetup: "apps/server/src/testing/global-setup.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["e2e/**/*.test.ts"],
          // The one Easel of a run, with its sandbox and demo, and the pages that embed it.
          globalSetup: "e2e/global-setup.ts",
          testTimeout: BROWSER_TIMEOUT,
          hookTimeout: BROWSER_TIMEOUT,
        },
      },
    ],
  },
});
