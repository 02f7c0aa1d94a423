import { randomBytes } from "node:crypto";
import type { DatabaseAccess } from "../database/database.ts";
import type { Vault } from "../vault/vault.ts";

const NAME = "sign-in-identity";

/**
 * The key under which sign-in identities are hashed: made once per instance and kept sealed in the database, so that it
 * survives a rotation of the vault's keys and every process has the same.
 */
export async function loadIdentityKey(database: DatabaseAccess, vault: Vault): Promise<Buffer> {
  const sealed = vault.seal(randomBytes(32), `instance:${NAME}`);
  const row = await database.transaction(async (trx) => {
    await trx
      .insertInto("instance_secrets")
      .values({ name: NAME, sealed })
      .onConflict((conflict) => conflict.column("name").doNothing())
      .execute();
    return trx.selectFrom("instance_secrets").select("sealed").where("name", "=", NAME).executeTakeFirstOrThrow();
  });
  const key = vault.open(row.sealed, `instance:${NAME}`);
  if (vault.needsReseal(row.sealed)) await reseal(database, row.sealed, vault.seal(key, `instance:${NAME}`));
  return key;
}

/** After a rotation, so that the older key can go. */
async function reseal(database: DatabaseAccess, read: Buffer, sealed: Buffer): Promise<void> {
  await database.retrying((db) =>
    db.updateTable("instance_secrets").set({ sealed }).where("name", "=", NAME).where("sealed", "=", read).execute(),
  );
}
