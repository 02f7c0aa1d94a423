import { PostgresError } from "@easel/postgres";
import { ConfigError } from "./config.ts";
import { isConnectionFailure } from "./database/connection-failure.ts";
import { EgressAllowError } from "./egress/allowance.ts";
import { AuthoritiesError } from "./egress/authorities.ts";
import { OutboundProxyError } from "./egress/outbound-proxy.ts";
import { EaselError } from "./http/errors.ts";
import { KeyFileError } from "./vault/key-file.ts";
import { KeysError } from "./vault/keys.ts";

/** What a command or a start cannot do, in a sentence for the person who asked. */
export class Refusal extends Error {}

const IN_WORDS = [
  Refusal,
  ConfigError,
  EgressAllowError,
  AuthoritiesError,
  OutboundProxyError,
  KeysError,
  KeyFileError,
];

/** An error for the terminal: a sentence where a person can mend it, where it came from where only we can. */
export function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof EaselError || error instanceof PostgresError) return `${error.message} ${error.action}`;
  if (IN_WORDS.some((kind) => error instanceof kind)) return error.message;
  if (isOfDatabase(error)) return `Easel's database cannot be used: ${lastCause(error).message}. Check DATABASE_URL.`;
  return error.stack ?? error.message;
}

/** PostgreSQL's classes for a server that does not let us in (Appendix A): authorization, no such database, no connection left. */
const NO_ENTRY = /^(28...|3D000|53300)$/;

function isOfDatabase(error: Error): boolean {
  const cause = lastCause(error);
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  return isConnectionFailure(cause) || NO_ENTRY.test(code) || code === "ENOTFOUND";
}

function lastCause(error: Error): Error {
  return error.cause instanceof Error ? lastCause(error.cause) : error;
}
