import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";
import { seeded } from "../../testing/publishing.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const send = (method: string, path: string, body = "", session = ana) =>
  session.onSite(path, { method, ...(body === "" ? {} : { body: `<tsRequest>${body}</tsRequest>` }) });

async function listed(query = "", session = ana) {
  const answer = await session.onSite(`/virtualConnections${query}`);
  const { items } = await pageOf(answer, "virtualConnections", "virtualConnection");
  return items.map((item) => z.looseObject({ id: z.string(), name: z.string() }).parse(item));
}

async function first(): Promise<string> {
  const [one] = await listed("?filter=name:eq:Finance Ledger");
  return one?.id ?? "";
}

/** Publishes as TSC does: the content is JSON as text. */
async function publish(name: string, content: object, query = "", session = ana): Promise<Response> {
  const { id } = await seeded(ana, "projects", "Finance");
  const written = JSON.stringify(content).replaceAll('"', "&quot;");
  const body = `<virtualConnection name="${name}" content="${written}"><project id="${id}"/></virtualConnection>`;
  return send("POST", `/virtualConnections${query}`, body, session);
}

describe("virtual connections", () => {
  test("are listed, filtered and sorted", async () => {
    const names = (await listed("?sort=name:desc")).map(({ name }) => name);
    expect(names).toEqual(["Operations Replica", "Finance Ledger", "Analytics Warehouse"]);
    expect(await listed("?filter=name:eq:Finance Ledger")).toMatchObject([
      { name: "Finance Ledger", isCertified: true },
    ]);
  });

  test("show what was published", async () => {
    const shown = await objectOf(await ana.onSite(`/virtualConnections/${await first()}`), "virtualConnection");
    expect(JSON.parse(z.string().parse(shown.content))).toMatchObject({
      revision: { revisableProperties: { name: "Finance Ledger" } },
    });
    expect(shown).toMatchObject({ owner: { id: expect.any(String) }, project: { id: expect.any(String) } });
  });

  test("tell their connections, which can be changed at both addresses; a password is never told", async () => {
    const path = `/virtualConnections/${await first()}/connections`;
    const schema = z.array(z.looseObject({ connectionId: z.string() }));
    const read = async (answer: Response) =>
      schema.parse((await objectOf(answer, "virtualConnectionConnections")).connection);
    const [connection] = await read(await ana.onSite(path));
    for (const [address, port] of [
      [`${path}/${connection?.connectionId}/modify`, "1433"],
      [`${path}/${connection?.connectionId}`, "1434"],
    ]) {
      const change = `<connection serverAddress="sql.acme.example" serverPort="${port}" userName="etl" password="s3cret"/>`;
      const answer = await send("PUT", address ?? "", change);
      expect(await answer.clone().text()).not.toContain("s3cret");
      expect(await read(answer)).toMatchObject([{ server: "sql.acme.example", port, username: "etl" }]);
    }
    expect(await read(await ana.onSite(path))).toMatchObject([
      { connectionId: connection?.connectionId, port: "1434" },
    ]);
    const wrong = await send("PUT", `${path}/${connection?.connectionId}`, '<connection serverPort="many"/>');
    expect(await errorOf(wrong)).toMatchObject({ code: "400003" });
  });

  test("are changed, given to somebody else and moved", async () => {
    const made = await objectOf(await publish("To move", {}), "virtualConnection");
    const { id: projectId } = await seeded(ana, "projects", "Customer success");
    const elif = await sandbox.explorer();
    const body = `<virtualConnection name="Moved" isCertified="True" certificationNote="Yes."><project id="${projectId}"/><owner id="${elif.user.id}"/></virtualConnection>`;
    const changed = await objectOf(await send("PUT", `/virtualConnections/${made.id}`, body), "virtualConnection");
    expect(changed).toMatchObject({
      id: made.id,
      name: "Moved",
      isCertified: true,
      certificationNote: "Yes.",
      project: { id: projectId },
      owner: { id: elif.user.id },
    });
    for (const [wrong, code] of [
      ['<virtualConnection name=" "/>', "400003"],
      ['<virtualConnection><owner id="nobody"/></virtualConnection>', "404002"],
      ['<virtualConnection><project id="nowhere"/></virtualConnection>', "404005"],
    ] as const) {
      expect(await errorOf(await send("PUT", `/virtualConnections/${made.id}`, wrong))).toMatchObject({ code });
    }
  });

  test("keep their revisions when they are published again", async () => {
    const made = await publish("Twice", { a: 1 });
    expect(made.status).toBe(201);
    const { id } = await objectOf(made, "virtualConnection");
    expect(await errorOf(await publish("Twice", { a: 2 }))).toMatchObject({ code: "409000" });
    const again = await objectOf(await publish("Twice", { a: 2 }, "?overwrite=true"), "virtualConnection");
    expect(again).toMatchObject({ id, content: '{"a":2}' });
    const path = `/virtualConnections/${id}/revisions`;
    const { items } = await pageOf(await ana.onSite(path), "revisions", "revision");
    expect(items.map(({ revisionNumber, current }) => [revisionNumber, current])).toEqual([
      ["1", false],
      ["2", true],
    ]);
    expect(await objectOf(await ana.onSite(`${path}/1`), "virtualConnection")).toMatchObject({ content: '{"a":1}' });
    expect(await errorOf(await ana.onSite(`${path}/3`))).toMatchObject({ code: "404024" });
  });

  test("are published as JSON, into a project, by whoever may publish there", async () => {
    const { id } = await seeded(ana, "projects", "Finance");
    const noJson = `<virtualConnection name="X" content="{"><project id="${id}"/></virtualConnection>`;
    expect(await errorOf(await send("POST", "/virtualConnections", noJson))).toMatchObject({ code: "400003" });
    const nowhere = '<virtualConnection name="X" content="{}"/>';
    expect(await errorOf(await send("POST", "/virtualConnections", nowhere))).toMatchObject({ code: "404005" });
    const elif = await sandbox.explorer();
    expect(await errorOf(await publish("Elif's", {}, "", elif))).toMatchObject({ code: "403004" });
  });

  test("are deleted by those who may, and are then gone", async () => {
    const { id } = await objectOf(await publish("To delete", {}), "virtualConnection");
    const elif = await sandbox.explorer();
    const refused = await errorOf(await send("DELETE", `/virtualConnections/${id}`, "", elif));
    expect(refused.code).toMatch(/^40[34]/);
    expect((await send("DELETE", `/virtualConnections/${id}`)).status).toBe(204);
    expect(await errorOf(await ana.onSite(`/virtualConnections/${id}`))).toMatchObject({ code: "404037" });
  });
});
