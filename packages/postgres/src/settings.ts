import { chmod, lchown, rename, rm, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { ROLE } from "./handshake.ts";
import type { ServerAccount } from "./server-account.ts";

/** Included by the cluster's postgresql.conf. `ALTER SYSTEM` writes to postgresql.auto.conf, which wins over it. */
export const SETTINGS_FILE = "easel.conf";

export interface SettingsTarget {
  cluster: string;
  clusterName: string;
  socketDirectory: string;
  account: ServerAccount | null;
}

/** Writes our settings and access rules into the cluster. Done at every start, so that a new version of Easel brings its own. */
export async function writeSettings(target: SettingsTarget): Promise<void> {
  await writeClusterFile(target, SETTINGS_FILE, settings(target));
  await writeClusterFile(target, "pg_hba.conf", accessRules);
  await writeClusterFile(target, "pg_ident.conf", identMap(userInfo().username));
}

function settings({ socketDirectory, clusterName }: SettingsTarget): string {
  const values: Record<string, string | number> = {
    listen_addresses: "",
    unix_socket_directories: socketDirectory,
    unix_socket_permissions: "0700",
    cluster_name: clusterName,
    max_connections: 200,
    shared_buffers: "128MB",
    huge_pages: "off",
    // Parallel queries need room in /dev/shm, of which a container has 64 MB; Easel's queries are short.
    max_parallel_workers_per_gather: 0,
    jit: "off",
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    // No replica and no archive can be attached to a private server: log what crash recovery needs, no more.
    wal_level: "minimal",
    max_wal_senders: 0,
    max_wal_size: "512MB",
    timezone: "UTC",
    log_timezone: "UTC",
    log_destination: "stderr",
    logging_collector: "off",
    log_line_prefix: "%m [%p] ",
    // What a client did wrong goes to that client. Values of rows appear in errors, details and statements: none of them here.
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    log_checkpoints: "off",
    log_autovacuum_min_duration: -1,
  };
  const lines = Object.entries(values).map(([name, value]) => `${name} = ${quoted(value)}`);
  return `# Written by Easel at every start. To change a setting, use ALTER SYSTEM.\n${lines.join("\n")}\n`;
}

function quoted(value: string | number): string {
  return `'${String(value).replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

// Peer: the kernel names the other end's OS user. `trust` would make every process of the server's account (often `nobody`,
// which daemons share) a superuser of this database.
const accessRules = `# Written by Easel at every start.
local all ${ROLE} peer map=${ROLE}
local all all reject
host all all all reject
`;

function identMap(osUser: string): string {
  return `# Written by Easel at every start: only the OS user that runs Easel may connect.
${ROLE} "${osUser.replaceAll('"', '""')}" ${ROLE}
`;
}

/** The directory belongs to the server's account: `wx` and rename never follow a link that it may hold. */
async function writeClusterFile(target: SettingsTarget, name: string, text: string): Promise<void> {
  const path = join(target.cluster, name);
  const draft = `${path}.draft`;
  await rm(draft, { force: true });
  await writeFile(draft, text, { flag: "wx", mode: 0o600 });
  await chmod(draft, 0o600);
  if (target.account !== null) await lchown(draft, target.account.uid, target.account.gid);
  await rename(draft, path);
}
