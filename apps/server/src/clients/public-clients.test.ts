import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Sandbox, startSandbox } from "@easel/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { sandboxControl } from "../testing/sandbox-control.ts";
import { payloads } from "../testing/sign-in-methods.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { openClient, type TestClient } from "./clients.fixture.ts";

/** Of Tableau Server, where these clients may list sites. */
let sandbox: Sandbox;
let easel: TestEasel;
let client: TestClient;
let files: string;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, host: "127.0.0.1", edition: "server" });
  easel = await startTestEasel({ sandbox });
  client = await openClient(easel, easel.project, { payload: { ...payloads(sandbox).password } });
  files = await mkdtemp(join(tmpdir(), "easel-clients-"));
  await writeFile(join(files, "book.twb"), workbookFile);
  await writeFile(join(files, "source.tds"), datasourceFile);
});
afterAll(async () => {
  await easel.close();
  await sandbox.close();
  await rm(files, { recursive: true });
});

const workbookFile = `<?xml version='1.0' encoding='utf-8'?>
<workbook version='18.1'><worksheets><worksheet name='By Region'><table/></worksheet></worksheets></workbook>`;
const datasourceFile = `<?xml version='1.0' encoding='utf-8'?>
<datasource formatted-name='federated.2' version='18.1'><connection class='federated'/></datasource>`;

/** What the sandbox's own tests drive these clients with: the address and the secrets are all that differs. */
const SCRIPTS = join(import.meta.dirname, "../../../../packages/sandbox/test/clients");

async function drive(script: string, server: string, ...more: string[]): Promise<unknown> {
  const file = join(SCRIPTS, script);
  const args = [file, server, client.name, client.key, ...more];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

describe("clients that others wrote, from the npm registry, unmodified", () => {
  for (const door of ["by prefix", "at the root"] as const) {
    const server = () => (door === "by prefix" ? client.prefix : easel.origin);

    test(`tableau-rest does all that it can do on a site ${door}`, { timeout: 60_000 }, async () => {
      const named = z.object({ id: z.string(), name: z.string() });
      const said = z
        .object({
          sites: z.object({ sites: z.object({ site: z.array(named) }) }),
          project: named,
          projects: z.object({ projects: z.object({ project: z.array(named) }) }),
          workbook: z.object({ workbook: named }),
          workbooks: z.object({ workbooks: z.object({ workbook: z.array(named) }) }),
          datasource: z.object({ datasource: named }),
          views: z.object({ views: z.object({ view: z.array(named) }) }),
          downloaded: z.object({ workbook: z.string(), datasource: z.string() }),
          left: z.object({ workbooks: z.object({ workbook: z.array(named) }) }),
        })
        .parse(await drive("tableau-rest.cjs", server(), files, "own-site"));
      expect(said.sites.sites.site.map(({ name }) => name)).toContain("Acme Analytics");
      expect(said.projects.projects.project).toContainEqual(expect.objectContaining({ id: said.project.id }));
      expect(said.workbooks.workbooks.workbook).toContainEqual(expect.objectContaining(said.workbook.workbook));
      expect(said.views.views.view.map(({ name }) => name)).toEqual(["By Region"]);
      expect(said.downloaded).toEqual({ workbook: workbookFile, datasource: datasourceFile });
      expect(said.left.workbooks.workbook.map(({ id }) => id)).not.toContain(said.workbook.workbook.id);
      // It makes a project of this name, and the other door's run does so too.
      const path = `/projects/${said.project.id}`;
      const removed = await easel.project.call("ana", `/sdk/proxy/tableau${path}`, { method: "DELETE" });
      expect(removed.status).toBe(204);
    });

    test(`tableau-server-client does all that it can do ${door}`, { timeout: 60_000 }, async () => {
      const said = await drive("tableau-server-client.cjs", server(), "task");
      expect(said).toMatchObject({
        signIn: { statusCode: 200, body: { credentials: { site: { contentUrl: "acme" } } } },
        tasks: { statusCode: 200, body: { tasks: { task: expect.any(Array) } } },
        refresh: { body: expect.anything() },
      });
    });
  }

  test("cost Tableau no sign-in of their own", async () => {
    expect(await sandboxControl(sandbox).signIns()).toBe(1);
  });
});
