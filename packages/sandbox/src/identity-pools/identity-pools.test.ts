import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { openTestSandbox, type SignedIn, type TestSandbox } from "../testing/client.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox({ edition: "server" });
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const base = "/api/-/authn-service";
const oidc = { client_id: "tableau", client_secret: "s3cret", config_url: "https://idp.example/.well-known" };

const storeSchema = z.object({ store_instance: z.looseObject({ id: z.int(), type: z.literal("LOCAL") }) });
const configurationSchema = z.object({ auth_configuration: z.looseObject({ id: z.int() }) });
const poolSchema = z.object({ pool: z.looseObject({ identity_pool_id: z.object({ value: z.string() }) }) });

async function made<Schema extends z.ZodType>(what: string, body: object, schema: Schema) {
  const response = await ana.ask(`${base}/${what}`, "POST", body);
  expect(response.status).toBe(201);
  return schema.parse(await response.json());
}

async function madePool(name: string) {
  const store = await made("identity-stores", { type: "0", name: `${name} store` }, storeSchema);
  const configuration = await made("auth-configurations", { auth_type: "OIDC", oidc }, configurationSchema);
  const [storeId, configurationId] = [store.store_instance.id, configuration.auth_configuration.id];
  const body = { name, identity_store_instance: storeId, auth_type_instance: configurationId, is_enabled: "true" };
  const { pool } = await made("identity-pools", body, poolSchema);
  return { storeId, configurationId, pool, id: pool.identity_pool_id.value };
}

describe("identity pools", () => {
  test("put people of a store before an identity provider", async () => {
    const { storeId, configurationId, pool, id } = await madePool("Contractors");
    expect(pool).toEqual({
      identity_pool_id: { value: id },
      identity_pool_name: "Contractors",
      identity_store_instance_id: storeId,
      auth_type_instance_id: configurationId,
      is_enabled: true,
      description: "",
      identity_store_type: "LOCAL",
      auth_type: "OIDC",
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(await (await ana.ask(`${base}/identity-pools/${id}`)).json()).toEqual({ pool });
    const update = { uuid: id, name: "Partners", is_enabled: false };
    expect(await (await ana.ask(`${base}/identity-pools/${id}`, "PUT", update)).json()).toMatchObject({
      pool: { identity_pool_name: "Partners", is_enabled: false },
    });
  });

  test("keep what they use from being deleted", async () => {
    const { storeId, configurationId, id } = await madePool("Auditors");
    const [store, configuration] = [`identity-stores/${storeId}`, `auth-configurations/${configurationId}`];
    for (const path of [store, configuration]) expect((await ana.ask(`${base}/${path}`, "DELETE")).status).toBe(400);
    for (const path of [`identity-pools/${id}`, store, configuration]) {
      expect((await ana.ask(`${base}/${path}`, "DELETE")).status).toBe(204);
      expect((await ana.ask(`${base}/${path}`, "DELETE")).status).toBe(404);
    }
  });

  test("never tell the secret of an identity provider, and replace all that they know of it", async () => {
    const { configurationId } = await madePool("Guests");
    const one = `${base}/auth-configurations/${configurationId}`;
    const written = await ana.ask(one, "PUT", {
      auth_type: "OIDC",
      oidc: { ...oidc, prompt: "login", read_timeout: "30" },
    });
    const text = await written.text();
    expect(text).not.toContain("s3cret");
    expect(JSON.parse(text)).toMatchObject({
      auth_configuration: { id: configurationId, oidc: { id_claim: "sub", prompt: "login", read_timeout: 30 } },
    });
    const list = await (await ana.ask(`${base}/auth-configurations`)).text();
    expect(list).toContain('"client_id":"tableau"');
    expect(list).not.toContain("s3cret");
  });

  test.each([
    ["identity-stores", { name: "" }],
    ["identity-stores", { type: "7", name: "x" }],
    ["auth-configurations", { auth_type: "SAML", oidc }],
    ["auth-configurations", { auth_type: "OIDC", oidc: { client_id: "x" } }],
    ["identity-pools", { name: "x", identity_store_instance: 99, auth_type_instance: 99 }],
  ])("refuse in %s %j", async (what, body) => {
    const response = await ana.ask(`${base}/${what}`, "POST", body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ httpErrorCode: "400", message: expect.any(String) });
  });

  test("never lose the store that the server was set up with", async () => {
    const list = z.object({ instances: z.array(z.object({ id: z.int() })) });
    const [first] = list.parse(await (await ana.ask(`${base}/identity-stores`)).json()).instances;
    expect((await ana.ask(`${base}/identity-stores/${first?.id}`, "DELETE")).status).toBe(400);
  });

  test("are for server administrators, of a server", async () => {
    const eli = await sandbox.explorer();
    expect((await eli.ask(`${base}/identity-pools`)).status).toBe(403);
    const cloud = await openTestSandbox();
    expect((await (await cloud.administrator()).ask(`${base}/identity-pools`)).status).toBe(404);
    await cloud.close();
  });
});
