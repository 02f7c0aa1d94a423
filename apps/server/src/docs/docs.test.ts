import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { startTestEasel } from "../testing/test-easel.ts";
import { generated, ROOT } from "./generated.ts";

describe("generated pages", () => {
  test.each(generated)("$path says what the code says; else run `node apps/server/src/docs/cli.ts`", async (page) => {
    const current = await readFile(join(ROOT, page.path), "utf8");
    expect(current).toBe(page.make(current));
  });
});

describe("the example for Node.js", () => {
  test("mints a user token that Easel accepts, for a user whose id is any text", async () => {
    const easel = await startTestEasel();
    try {
      const { project, sandbox } = easel;
      const user = 'zoë "z" o\'neil';
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [join(ROOT, "docs/examples/mint-token/node.mjs"), user, sandbox.keys.user.name],
        {
          env: {
            PROJECT_ID: project.id,
            SIGNING_KEY_ID: project.signingKey.id,
            SIGNING_KEY: project.signingKey.privateKey,
          },
        },
      );
      const call = (path: string, json?: unknown) =>
        project.call(user, path, { token: stdout.trim(), ...(json === undefined ? {} : { method: "POST", json }) });
      const me = await call("/sdk/me");
      expect([me.status, await me.json()]).toEqual([200, expect.objectContaining({ userId: user })]);
      const payload = { method: "connectedApp" };
      const connected = await call("/sdk/credentials", { integrationId: "tableau", payload });
      expect(connected.status).toBe(201);
    } finally {
      await easel.close();
    }
  });
});
