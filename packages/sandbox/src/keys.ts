import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { newTokenSecret } from "./auth/personal-access-tokens.ts";
import { people } from "./site/people.ts";

type Pat = { name: string; secret: string };

/**
 * How to sign in to the sandbox: `users` are its three people (an administrator, an Explorer, a Viewer), `user` and `pat`
 * are the administrator's, `connectedApp` is a direct trust of the site.
 */
export type SandboxKeys = {
  site: { contentUrl: string };
  user: { name: string; password: string };
  users: { name: string; password: string; role: string; pat: Pat }[];
  pat: Pat;
  connectedApp: { clientId: string; secretId: string; secretValue: string };
};

const patSchema = z.object({ name: z.string(), secret: z.string() });

const keysSchema: z.ZodType<SandboxKeys> = z.object({
  site: z.object({ contentUrl: z.string() }),
  user: z.object({ name: z.string(), password: z.string() }),
  users: z.array(z.object({ name: z.string(), password: z.string(), role: z.string(), pat: patSchema })),
  pat: patSchema,
  connectedApp: z.object({ clientId: z.string(), secretId: z.string(), secretValue: z.string() }),
});

/** Random secrets, in the forms that Tableau gives them. */
export function makeKeys(): SandboxKeys {
  const users = people.map(({ name, role, patName }) => ({
    name,
    password: randomBytes(15).toString("base64url"),
    role,
    pat: { name: patName, secret: newTokenSecret() },
  }));
  const [administrator] = users;
  if (administrator === undefined) throw new Error("The sandbox has no people.");
  return {
    site: { contentUrl: "acme" },
    user: { name: administrator.name, password: administrator.password },
    users,
    pat: administrator.pat,
    connectedApp: {
      clientId: randomUUID(),
      secretId: randomUUID(),
      secretValue: randomBytes(32).toString("base64"),
    },
  };
}

/**
 * The secrets kept in `dataDirectory/secrets.json` (mode 0600), made there if there are none. Two processes that start
 * together get the same ones: the file appears whole and is never replaced.
 */
export async function loadSandboxKeys(dataDirectory: string): Promise<SandboxKeys> {
  await mkdir(dataDirectory, { recursive: true });
  const file = join(dataDirectory, "secrets.json");
  const kept = await readIfThere(file);
  if (kept !== undefined) return parseKeys(kept, file);
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(makeKeys(), undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
  try {
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error; // somebody else was first: theirs are the secrets
  } finally {
    await unlink(draft);
  }
  return parseKeys(await readFile(file, "utf8"), file);
}

function parseKeys(written: string, file: string): SandboxKeys {
  const keys = keysSchema.safeParse(parseJson(written));
  if (!keys.success) throw new Error(`${file} does not hold the sandbox's secrets. Delete it to have new ones made.`);
  return keys.data;
}

function parseJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
