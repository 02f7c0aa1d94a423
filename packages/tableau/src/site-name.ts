import type { Send, SessionGrant } from "@easel/connector";
import { z } from "zod";
import { readBody } from "./answers.ts";
import { authorization } from "./authorization.ts";
import { permits } from "./permissions.ts";

const site = z.object({
  site: z.object({ id: z.string(), contentUrl: z.string().regex(/^([\p{L}\p{N}_][\p{L}\p{N}._ -]{0,254})?$/u) }),
});
const siteBody = z.union([site, z.object({ tsResponse: site }).transform((body) => body.tsResponse)]);

/**
 * The content URL that a session's site has now (REST reference, "Query Site"): an administrator may change it, the id
 * stays. Null where the session's scopes do not hold the question, or Tableau does not say.
 */
export async function siteNameOf(
  session: SessionGrant,
  signIn: { readonly method: string; readonly scopes: readonly string[] },
  send: Send,
): Promise<string | null> {
  const { serverUrl, apiVersion, siteId } = session;
  if (signIn.method === "connectedApp" && !permits(signIn.scopes, "tableau:sites:read")) return null;
  const url = `${serverUrl}/api/${apiVersion}/sites/${siteId}`;
  const answer = await send({ method: "GET", url, headers: { accept: "application/json", ...authorization(session) } });
  if (answer.kind === "unreachable" || answer.status !== 200) return null;
  const read = siteBody.safeParse(readBody(answer.body));
  if (!read.success || read.data.site.id.toLowerCase() !== siteId.toLowerCase()) return null;
  return read.data.site.contentUrl;
}
