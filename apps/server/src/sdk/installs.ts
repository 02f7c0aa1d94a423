import { createHash, randomBytes } from "node:crypto";
import type { Credentials, Wallet } from "../credentials/credentials.ts";
import type { DatabaseAccess } from "../database/database.ts";
import { easelError } from "../http/errors.ts";
import { findIntegration } from "../integrations/find.ts";
import type { Integration } from "../integrations/integrations.ts";
import type { Project, Projects } from "../projects/projects.ts";
import {
  completeInstall,
  deleteInstall,
  findInstall,
  findInstallByCode,
  type InstallRow,
  insertInstall,
} from "./store.ts";

/**
 * The popup of the headless flow. The SDK names it by a key of its own and polls by that; the hosted form in the popup
 * holds a one-time code, good for ten minutes, for one user of one project. The user token is never in its address.
 */
export interface Installs {
  /** Gives back the code for the hosted form. */
  begin(install: {
    project: Project;
    wallet: Wallet;
    integration: Integration;
    key: string;
    claims: Readonly<Record<string, unknown>>;
    options: Readonly<Record<string, unknown>>;
    origin: string | null;
  }): Promise<string>;
  /** Whom a code is for. Throws `install_code_unknown`. */
  open(code: string): Promise<OpenInstall>;
  complete(install: OpenInstall, credentialId: string): Promise<void>;
  /** The credential that came of it, once it has. */
  result(projectId: string, userId: string, key: string): Promise<string | null>;
  forget(projectId: string, userId: string, key: string): Promise<void>;
}

export interface OpenInstall {
  readonly row: InstallRow;
  readonly project: Project;
  readonly integration: Integration;
  readonly wallet: Wallet;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
}

export function createInstalls(parts: {
  database: DatabaseAccess;
  projects: Projects;
  credentials: Credentials;
}): Installs {
  const { database, projects, credentials } = parts;
  return {
    begin: async ({ project, wallet, integration, key, claims, options, origin }) => {
      const code = randomBytes(32).toString("base64url");
      const isBegun = await insertInstall(database, {
        key,
        projectId: project.id,
        userId: wallet.user.id,
        integrationId: integration.id,
        codeHash: hash(code),
        claims,
        options,
        origin,
      });
      if (!isBegun)
        throw easelError("request_malformed", { detail: "oauthMetaKeyId is in use; send a new random one." });
      return code;
    },
    open: async (code) => {
      const row = /^[\w-]{43}$/.test(code) ? await findInstallByCode(database, hash(code)) : undefined;
      if (row === undefined) throw easelError("install_code_unknown");
      const project = await projects.get(row.project_id);
      const wallet = await credentials.wallet(project, row.subject);
      return {
        row,
        project,
        wallet,
        integration: findIntegration(project, row.integration_id),
        claims: row.claims,
        options: row.options,
      };
    },
    complete: ({ row }, credentialId) => completeInstall(database, row, credentialId),
    result: async (projectId, userId, key) =>
      (await findInstall(database, { projectId, userId, key }))?.credential_id ?? null,
    forget: (projectId, userId, key) => deleteInstall(database, { projectId, userId, key }),
  };
}

function hash(code: string): Buffer {
  return createHash("sha256").update(code).digest();
}
