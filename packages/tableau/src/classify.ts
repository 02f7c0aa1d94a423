import type { Classification } from "@easel/connector";
import { readError } from "./answers.ts";

/**
 * Reads an answer that is not a success. Every 401 is a session that is gone, or (connected apps) a route outside its
 * scopes: which of the two, a fresh session tells. A 403 is a permission, never a reason to sign in again
 * (Tableau REST reference, "Handling errors").
 */
export function classify(status: number, body: string): Classification {
  const error = readError(status, body);
  if (status === 401) return { kind: "sessionDead", error };
  return status === 403 ? { kind: "denied", error } : { kind: "failed", error };
}
