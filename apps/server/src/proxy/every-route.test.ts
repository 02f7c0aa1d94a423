import { startSandbox } from "@easel/sandbox";
import type { TableauRoute } from "@easel/tableau/routes/route-line";
import { routeTable } from "@easel/tableau/routes/route-table";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sandboxControl } from "../testing/sandbox-control.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";

/** What the sandbox leaves out, as its README says. */
const LEFT_OUT = [
  /dataAccelerationReport$/,
  /^POST .*\/settings\/mcp$/,
  /^POST .*\/site-auth-configurations$/,
  /site-auth-configurations\/\{configurationId\}$/,
  /SavedCreds$|Keychain$/,
];
/** What Easel refuses before Tableau is asked. */
const REFUSED_HERE = /"code":"tableau_(?:path|address|site|route|permission|method)_/;
const NOBODY = "11111111-2222-4333-8444-555555555555";

describe.each(["cloud", "server"] as const)("an administrator of Tableau %s", (edition) => {
  let easel: TestEasel;
  beforeAll(async () => {
    const sandbox = await startSandbox({ port: 0, host: "127.0.0.1", edition });
    easel = await startTestEasel({ sandbox });
    await easel.project.connect("ana");
    await easel.project.manage(`/integrations/${easel.project.integrationId}`, {
      method: "PATCH",
      json: { mayMintCredentials: true },
    });
  });
  afterAll(async () => {
    await easel.close();
    await easel.sandbox.close();
  });

  const call = async ({ method, template }: TableauRoute): Promise<{ status: number; text: string }> => {
    const path = template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => (name === "siteId" ? whole : NOBODY));
    const response = await easel.project.call("ana", `/sdk/proxy/tableau${path}`, { method });
    return { status: response.status, text: await response.text() };
  };

  test("reaches every route of the table that the sandbox answers", async () => {
    const offered = routeTable.filter(
      (row) =>
        row.family !== "Sessions" &&
        (row.edition === "both" || row.edition === edition) &&
        !LEFT_OUT.some((left) => left.test(`${row.method} ${row.template}`)),
    );
    expect(offered.length).toBeGreaterThan(380);
    const before = await sandboxControl(easel.sandbox).signIns();
    for (const row of offered) {
      const { status, text } = await call(row);
      const name = `${row.method} ${row.template}`;
      expect([name, status, text]).not.toEqual([name, expect.any(Number), expect.stringMatching(REFUSED_HERE)]);
      expect([name, text]).not.toEqual([name, expect.stringContaining("There is nothing at")]);
      expect([name, status]).not.toEqual([name, expect.toSatisfy((code: number) => code === 401 || code >= 500)]);
    }
    expect((await sandboxControl(easel.sandbox).signIns()) - before).toBe(0);
  });

  test("is told of each route that changes sessions that Easel does that itself", async () => {
    for (const row of routeTable.filter(({ family }) => family === "Sessions")) {
      expect(JSON.parse((await call(row)).text)).toMatchObject({ code: "tableau_route_session" });
    }
  });
});
