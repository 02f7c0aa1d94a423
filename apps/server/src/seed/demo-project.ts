import { createPrivateKey, createPublicKey } from "node:crypto";
import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import type { SandboxKeys } from "@easel/sandbox";
import { z } from "zod";
import type { SigningKeys } from "../keys/signing-keys.ts";
import type { Project, Projects } from "../projects/projects.ts";

/**
 * The demo's project. What the demo and the CLI need to act as its SaaS stands in a file of the data directory that only
 * we can read: the private signing key is in no database.
 */
const signingKeySchema = z.object({ kid: z.uuid(), privateKey: z.string() });
const demoFileSchema = z.object({
  origin: z.string(),
  demoOrigin: z.string(),
  projectId: z.uuid(),
  integrationId: z.uuid(),
  signingKey: signingKeySchema,
  sandbox: z.record(z.string(), z.unknown()),
});
export type DemoFile = z.infer<typeof demoFileSchema>;

/** Reads the file; null where there is none that can be read. */
export async function readDemoFile(path: string): Promise<DemoFile | null> {
  try {
    return demoFileSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return null;
  }
}

/** Makes the demo project where there is none, a signing key where its private half is lost, and the file. */
export async function seedDemoProject(parts: {
  projects: Projects;
  signingKeys: SigningKeys;
  path: string;
  origin: string;
  demoOrigin: string;
  sandbox: SandboxKeys;
}): Promise<Project> {
  const { projects, signingKeys, path, origin, demoOrigin, sandbox } = parts;
  const known = (await projects.list()).find((project) => project.isDemo);
  const project = known === undefined ? await createAcme(projects) : await projects.get(known.id);
  const [integration] = project.integrations;
  if (integration === undefined) throw new Error("The demo project has no integration.");
  const signingKey = await signingKeyOf(project, signingKeys, await readDemoFile(path));
  const file: DemoFile = {
    origin,
    demoOrigin,
    projectId: project.id,
    integrationId: integration.id,
    signingKey,
    sandbox: { ...sandbox },
  };
  await writePrivately(path, JSON.stringify(file, null, 2));
  return project;
}

/** Acme's own colour in the portal shows that a product's colour is taken. */
const ACCENT = "#1e5c4b";

async function createAcme(projects: Projects): Promise<Project> {
  const { id } = await projects.create({ name: "Acme", permissions: ["tableau:*:*"], isDemo: true });
  return projects.change(id, { accentColor: ACCENT });
}

async function signingKeyOf(
  project: Project,
  signingKeys: SigningKeys,
  file: DemoFile | null,
): Promise<DemoFile["signingKey"]> {
  if (file?.projectId === project.id && signsFor(project, file.signingKey)) return file.signingKey;
  const { id, privateKey } = await signingKeys.create(project.id);
  return { kid: id, privateKey };
}

/** A key that is damaged, disabled or somebody else's would fail where a newcomer cannot see why. */
function signsFor({ signingKeys }: Project, { kid, privateKey }: DemoFile["signingKey"]): boolean {
  const registered = signingKeys.find(({ id }) => id === kid);
  if (registered === undefined) return false;
  try {
    return createPublicKey(createPrivateKey(privateKey)).equals(registered.publicKey);
  } catch {
    return false;
  }
}

/** Never readable by others, and never half there. */
async function writePrivately(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}
