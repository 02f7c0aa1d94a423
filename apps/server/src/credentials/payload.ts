import { z } from "zod";
import { easelError } from "../http/errors.ts";

const LONGEST = 2048;
// PostgreSQL takes no NUL, and no field is of several lines.
const oneLine = [/^\P{Cc}*$/u, "holds a control character"] as const;
/** Blanks and line ends around it came with copying. */
const text = z
  .string()
  .trim()
  .max(LONGEST)
  .regex(...oneLine);
/** Whose blanks may be part of it. */
const password = z
  .string()
  .max(LONGEST)
  .regex(...oneLine);
/**
 * What a person (or the SaaS for them) sends to connect. Everything is optional here: which fields are needed depends on
 * the method, and a project may have fixed the server and the site. `attempt` and `skipPostOAuthInputs` are the SDK's.
 */
const payloadSchema = z.object({
  method: text.optional(),
  serverUrl: text.optional(),
  site: text.optional(),
  tokenName: text.optional(),
  tokenSecret: text.optional(),
  username: text.optional(),
  password: password.optional(),
  credentialId: z.uuid().optional(),
});
export type ConnectPayload = z.infer<typeof payloadSchema>;

export function readPayload(payload: unknown): ConnectPayload {
  const parsed = payloadSchema.safeParse(payload ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw easelError("credential_fields", {
    detail: `${issue?.path.join(".") ?? "payload"}: ${issue?.message ?? "cannot be read"}`,
  });
}

/** The method that the fields tell, where the payload does not say it. */
export function inferMethod(payload: ConnectPayload): string {
  if (payload.method !== undefined && payload.method !== "") return payload.method;
  if (payload.tokenName || payload.tokenSecret) return "pat";
  if (payload.username || payload.password) return "password";
  return "connectedApp";
}
