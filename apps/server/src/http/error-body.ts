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

/** The envelope, as text, around what the provider answered. `output` is JSON, and goes as it is. */
export function errorText(
  error: Pick<EaselError, "message" | "code" | "status" | "action">,
  requestId: string,
  output: string,
): string {
  const { message, code, status, action } = error;
  const envelope = JSON.stringify({ message, code, status, action, requestId, meta: integrationMeta(error) });
  return `${envelope.slice(0, -1)},"output":${output}}`;
}

/**
 * `isIntegrationError` tells the Paragon SDK not to log its user out, as it does for any other 401 or 403: only where
 * the user token itself is bad should it. With that mark, `paragon.request` rejects with `meta` as its message, in JSON
 * (read in 2.4.0, `getErrorMessage`), so the sentence and the code stand there too.
 */
function integrationMeta({ message, code }: { message: string; code: string }) {
  return { isIntegrationError: true, message, code };
}
