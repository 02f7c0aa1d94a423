import { type Refusal, statusOf } from "../wire/refusals.ts";
import { type JsonReply, json } from "./route.ts";

/** The error of those APIs below `/api/-/` that have none of their own (`tableau.error` in Tableau's OpenAPI file). */
export function httpError(refusal: Refusal): JsonReply {
  const status = statusOf(refusal);
  return json({ httpErrorCode: String(status), message: refusal.detail }, status);
}
