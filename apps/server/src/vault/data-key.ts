import { createSecretKey, randomBytes } from "node:crypto";
import { keyBytes } from "./keys.ts";
import { createVault, type Vault } from "./vault.ts";

/** A project has one data key, which never changes: rotation seals it anew, and leaves what it seals alone. */
const dataKeyId = "data";

/**
 * Makes a project's data key, sealed by the instance's vault for that project alone. Store it with the project: when it
 * is deleted, in backups too, nothing that the project sealed can be opened again.
 */
export function newDataKey(vault: Vault, projectId: string): Buffer {
  return vault.seal(randomBytes(keyBytes), contextOf(projectId));
}

/**
 * The project's own vault.
 *
 * @throws {import("./vault.ts").VaultError} where the wrapped key is another project's, or its key is missing
 */
export function openDataKey(vault: Vault, projectId: string, wrapped: Buffer): Vault {
  const key = createSecretKey(vault.open(wrapped, contextOf(projectId)));
  return createVault({ sealing: dataKeyId, keys: new Map([[dataKeyId, key]]) });
}

/** Seals a data key anew, with the instance's first key. For those of which `vault.needsReseal` is true. */
export function rewrapDataKey(vault: Vault, projectId: string, wrapped: Buffer): Buffer {
  return vault.seal(vault.open(wrapped, contextOf(projectId)), contextOf(projectId));
}

function contextOf(projectId: string): string {
  return `project:${projectId}`;
}
