import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Demo } from "./demo-file.ts";

/** A demo file in a directory of its own, with a fresh signing key: what Easel's server writes, for the tests. */
export type TestDemo = {
  path: string;
  demo: Demo;
  publicKey: KeyObject;
  write: (changes?: Partial<Demo>) => Promise<void>;
  remove: () => Promise<void>;
};

export async function makeTestDemo(): Promise<TestDemo> {
  const directory = await mkdtemp(join(tmpdir(), "easel-demo-"));
  const path = join(directory, "demo.json");
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const demo: Demo = {
    origin: "http://localhost:4600",
    demoOrigin: "http://localhost:4620",
    projectId: "5b0c1f3e-6a53-4f3a-9d53-0d1a6a3f5c11",
    integrationId: "c2b1d5b2-49e0-4a3c-8f7e-2f6f3f8a7d22",
    signingKey: { kid: "key-1", privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString() },
    sandbox: {
      url: "http://localhost:4610",
      site: { contentUrl: "acme" },
      users: [
        testUser("ana@acme.example", "SiteAdministratorCreator"),
        testUser("ben@acme.example", "ExplorerCanPublish"),
        testUser("cleo@acme.example", "Viewer"),
      ],
    },
  };
  return {
    path,
    demo,
    publicKey,
    write: (changes = {}) => writeFile(path, JSON.stringify({ ...demo, ...changes }), { mode: 0o600 }),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

function testUser(name: string, role: string): Demo["sandbox"]["users"][number] {
  return {
    name,
    password: `password of ${name}`,
    role,
    pat: { name: `token of ${name}`, secret: `secret of ${name}` },
  };
}
