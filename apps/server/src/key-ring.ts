import { join } from "node:path";
import { type Config, ConfigError } from "./config.ts";
import { loadOrCreateKeyFile } from "./vault/key-file.ts";
import { type KeyRing, KeysError, parseKeys } from "./vault/keys.ts";

/** The keys that seal secrets: from `EASEL_KEYS`, else (embedded only) from a file in the data directory, mode 0600. */
export async function loadKeyRing(config: Config): Promise<KeyRing> {
  if (config.keys !== null) return readKeys(config.keys);
  if (config.database.kind === "embedded") return loadOrCreateKeyFile(join(config.dataDirectory, "keys"));
  throw new ConfigError(
    "EASEL_KEYS is not set. With DATABASE_URL the keys that seal secrets must come from you: " +
      "`npm run -s easel -- keys new` prints one; keep it apart from the database.",
  );
}

/** Names the variable: what is wrong with a key is said by its position, never by what it holds. */
function readKeys(keys: string): KeyRing {
  try {
    return parseKeys(keys);
  } catch (error) {
    throw error instanceof KeysError ? new ConfigError(`EASEL_KEYS cannot be used: ${error.message}`) : error;
  }
}
