import { randomUUID } from "node:crypto";
import { limitChangesSchema } from "@easel/api/limits";
import { createCache } from "../database/cache.ts";
import type { Changes } from "../database/changes.ts";
import type { DatabaseAccess } from "../database/database.ts";
import { easelError } from "../http/errors.ts";
import type { Integration, Integrations } from "../integrations/integrations.ts";
import type { SigningKey, SigningKeys } from "../keys/signing-keys.ts";
import { type LimitChanges, type Limits, limitsFrom } from "../limits/settings.ts";
import { newDataKey } from "../vault/data-key.ts";
import type { Vault } from "../vault/vault.ts";
import { findProject, insertProject, listProjects, type ProjectRow, updateProject } from "./store.ts";

/** A project with all that a request needs of it, in memory. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly environment: string;
  /** Empty means: loopback origins only. */
  readonly allowedOrigins: readonly string[];
  readonly requireAudience: boolean;
  readonly accentColor: string | null;
  readonly logoUrl: string | null;
  readonly limits: Limits;
  readonly createdAt: Date;
  readonly signingKeys: readonly SigningKey[];
  readonly integrations: readonly Integration[];
}

export interface ProjectChanges {
  readonly name?: string | undefined;
  readonly allowedOrigins?: readonly string[] | undefined;
  readonly requireAudience?: boolean | undefined;
  readonly accentColor?: string | null | undefined;
  readonly logoUrl?: string | null | undefined;
  readonly limits?: LimitChanges | undefined;
}

export interface Projects {
  /** From memory where possible. Throws `project_unknown`. */
  get(projectId: string): Promise<Project>;
  /** From memory only. */
  peek(projectId: string): Project | undefined;
  /** All of the instance's, the oldest first. */
  list(): Promise<readonly { id: string; name: string; isDemo: boolean }[]>;
  /** A new project with one Tableau integration. Settings that are not given take their careful defaults. */
  create(input: { name: string; permissions?: readonly string[]; isDemo?: boolean }): Promise<Project>;
  change(projectId: string, changes: ProjectChanges): Promise<Project>;
}

/** Projects kept in memory at most. */
const KEPT = 1000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function createProjects(parts: {
  database: DatabaseAccess;
  changes: Changes;
  vault: Vault;
  signingKeys: SigningKeys;
  integrations: Integrations;
  /** On a developer's machine only: elsewhere the demo project has no signing keys, so nobody gets in. */
  isDemoAllowed: boolean;
}): Projects {
  const { database, vault, signingKeys, integrations, isDemoAllowed } = parts;
  const cache = createCache<Project>({
    topic: "project",
    max: KEPT,
    changes: parts.changes,
    load: async (projectId) => {
      const row = await findProject(database, projectId);
      // Thrown, so not kept: made-up ids must not push real projects out of memory.
      if (row === undefined) throw easelError("project_unknown");
      const isOpen = isDemoAllowed || !row.is_demo;
      const [keys, connected] = await Promise.all([
        isOpen ? signingKeys.active(projectId) : [],
        integrations.list(projectId),
      ]);
      return assemble(row, keys, connected);
    },
  });

  const get = async (projectId: string): Promise<Project> => {
    if (!UUID.test(projectId)) throw easelError("project_unknown");
    return cache.get(projectId.toLowerCase());
  };

  return {
    get,
    peek: (projectId) => cache.peek(projectId.toLowerCase()),
    list: async () => (await listProjects(database)).map(({ id, name, is_demo }) => ({ id, name, isDemo: is_demo })),
    create: async ({ name, permissions, isDemo = false }) => {
      const id = randomUUID();
      await database.transaction(async (trx) => {
        await insertProject(trx, { id, name, dataKey: newDataKey(vault, id), isDemo });
        await integrations.insertDefault(trx, id, permissions);
      });
      return get(id);
    },
    change: async (projectId, changes) => {
      await updateProject(database, projectId, {
        name: changes.name,
        allowed_origins: changes.allowedOrigins === undefined ? undefined : [...changes.allowedOrigins],
        require_audience: changes.requireAudience,
        accent_color: changes.accentColor,
        logo_url: changes.logoUrl,
        limits: changes.limits,
      });
      return get(projectId);
    },
  };
}

function assemble(row: ProjectRow, signingKeys: readonly SigningKey[], integrations: readonly Integration[]): Project {
  return {
    id: row.id,
    name: row.name,
    environment: row.environment,
    allowedOrigins: row.allowed_origins,
    requireAudience: row.require_audience,
    accentColor: row.accent_color,
    logoUrl: row.logo_url,
    limits: limitsFrom(limitChangesSchema.parse(row.limits)),
    createdAt: row.created_at,
    signingKeys,
    integrations,
  };
}
