import type { ErrorBody } from "@easel/api/portal";
import type { EaselError } from "./errors.ts";

/**
 * The envelope of every error. `meta.isIntegrationError` tells the Paragon SDK not to log its user out: it does so for
 * any other 401 or 403, and should only where the user token itself is bad.
 */
export function errorBody(error: EaselError, requestId: string): ErrorBody & { output?: unknown } {
  const meta = error.code.startsWith("user_token_") ? {} : { isIntegrationError: true };
  const body = {
    message: error.message,
    code: error.code,
    status: error.status,
    action: error.action,
    requestId,
    meta,
  };
  return error.providerError === null ? body : { ...body, output: { error: error.providerError } };
}
