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
          include: ["packages/**/*.test.{ts,tsx}", "apps/**/*.test.{ts,tsx}", "launcher/**/*.test.ts"],
          // The kill test needs the whole server, and stays out until that starts.
          exclude: ["**/node_modules/**", "**/dist/**", "launcher/kill.test.ts"],
          testTimeout: UNIT_TIMEOUT,
          hookTimeout: UNIT_TIMEOUT,
          // globalSetup: the one PostgreSQL of a test run, whose template each test file copies.
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["e2e/**/*.test.ts"],
          testTimeout: BROWSER_TIMEOUT,
          hookTimeout: BROWSER_TIMEOUT,
        },
      },
    ],
  },
});
