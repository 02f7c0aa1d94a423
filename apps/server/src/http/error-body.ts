import type { ErrorBody } from "@easel/api/portal";
import type { EaselError } from "./errors.ts";

/** The envelope of every error. */
export function errorBody(error: EaselError, requestId: string): ErrorBody & { output?: unknown } {
  const meta = error.code.startsWith("user_token_") ? {} : integrationMeta(error);
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

/**
 * `isIntegrationError` tells the Paragon SDK not to log its user out, as it does for any other 401 or 403: only where
 * the user token itself is bad should it. With that mark, `paragon.request` rejects with `meta` as its message, in JSON
 * (read in 2.4.0, `getErrorMessage`), so the sentence and the code stand there too.
 */
export function integrationMeta({ message, code }: { message: string; code: string }) {
  return { isIntegrationError: true, message, code };
}
