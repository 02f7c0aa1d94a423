import type { Send, SessionAddress } from "@easel/connector";
import { z } from "zod";
import { readBody } from "./answers.ts";

const current = z.object({ session: z.object({ user: z.object({ name: z.string().min(1).max(512) }) }) });
const currentBody = z.union([current, z.object({ tsResponse: current }).transform((body) => body.tsResponse)]);

/**
 * The user name behind a session (REST reference, "Get Current Server Session"): a token's sign-in says only the id.
 * Null where the server does not say, which an older one may not.
 */
export async function whoAmI(
  { serverUrl, apiVersion }: SessionAddress,
  authorization: Record<string, string>,
  send: Send,
): Promise<string | null> {
  const url = `${serverUrl}/api/${apiVersion}/sessions/current`;
  const answer = await send({ method: "GET", url, headers: { accept: "application/json", ...authorization } });
  if (answer.kind === "unreachable" || answer.status !== 200) return null;
  const read = currentBody.safeParse(readBody(answer.body));
  return read.success ? read.data.session.user.name : null;
}
