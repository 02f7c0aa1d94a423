import { randomBytes, randomUUID } from "node:crypto";
import { type Refusal, refuse } from "../../wire/refusals.ts";
import type { ConnectedApp, ConnectedAppSecret } from "./model.ts";

/** Two, so that one can replace the other while it is still in use (Tableau help, "Troubleshoot connected apps"). */
const mostSecrets = 2;

/** A random secret, in the form that Tableau gives. */
export function newSecret(now: number): ConnectedAppSecret {
  return { id: randomUUID(), value: randomBytes(32).toString("base64"), createdAt: now };
}

export function secretsProblem({ secrets }: ConnectedApp): Refusal | undefined {
  return secrets.length < mostSecrets
    ? undefined
    : refuse("409128", "The connected app has the maximum of two secrets. (128)");
}
