import { readFile, stat } from "node:fs/promises";
import { PostgresError, systemCode } from "./errors.ts";

/** The OS account the server runs under where that is not our own. Spread into spawn options. */
export interface ServerAccount {
  uid: number;
  gid: number;
}

/** Accounts that exist without anybody making one; the first found is used. */
const CANDIDATES = ["postgres", "nobody"];

/**
 * PostgreSQL refuses to run as root, so for root this names another account: the owner of an existing cluster, or else
 * `postgres`, or else `nobody`. Null means: our own.
 */
export async function findServerAccount(cluster: string): Promise<ServerAccount | null> {
  if (process.geteuid?.() !== 0) return null;
  return (await clusterOwner(cluster)) ?? (await systemAccount());
}

async function clusterOwner(cluster: string): Promise<ServerAccount | null> {
  try {
    const { uid, gid } = await stat(cluster);
    if (uid !== 0) return { uid, gid };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
  throw new PostgresError("postgres_start_failed", {
    message: `The database files in ${cluster} belong to root, and PostgreSQL refuses to run as root.`,
    action: `Give them back to the account that wrote them, for example: chown -R postgres:postgres ${cluster}`,
  });
}

async function systemAccount(): Promise<ServerAccount> {
  const accounts = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  for (const name of CANDIDATES) {
    const account = accounts.find((fields) => fields[0] === name);
    const uid = Number(account?.[2]);
    const gid = Number(account?.[3]);
    if (account && Number.isInteger(uid) && Number.isInteger(gid) && uid !== 0) return { uid, gid };
  }
  throw new PostgresError("postgres_start_failed", {
    message: "PostgreSQL refuses to run as root, and there is no account named postgres or nobody to run it as.",
    action: "Start Easel as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own.",
  });
}
