import type { Person, Send, SessionGrant } from "@easel/connector";
import { z } from "zod";
import { readBody } from "./answers.ts";
import { authorization } from "./authorization.ts";
import { permits } from "./permissions.ts";
import type { RouteRole } from "./routes/route-line.ts";

/** A name is for people to read: what could be more than one line, or a page long, is not shown. */
const shown = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}]*$/u);
const user = z.object({
  user: z.object({
    name: shown.min(1),
    fullName: shown.optional().catch(undefined),
    siteRole: z.string().regex(/^[A-Za-z]{1,64}$/),
  }),
});
const userBody = z.union([user, z.object({ tsResponse: user }).transform((body) => body.tsResponse)]);

/**
 * Who a session's user is, with their site role (REST reference, "Query User On Site"). Null where the session's scopes do
 * not hold the question, or Tableau does not say.
 */
export async function personOf(
  session: SessionGrant,
  signIn: { readonly method: string; readonly scopes: readonly string[] },
  send: Send,
): Promise<Person | null> {
  const { serverUrl, apiVersion, siteId, userId } = session;
  if (signIn.method === "connectedApp" && !permits(signIn.scopes, "tableau:users:read")) return null;
  const url = `${serverUrl}/api/${apiVersion}/sites/${siteId}/users/${userId}`;
  const answer = await send({ method: "GET", url, headers: { accept: "application/json", ...authorization(session) } });
  if (answer.kind === "unreachable" || answer.status !== 200) return null;
  const read = userBody.safeParse(readBody(answer.body));
  if (!read.success) return null;
  const { name, fullName, siteRole } = read.data.user;
  return { name: fullName?.trim() || name, role: siteRole };
}

const siteAdministrators = [
  "ServerAdministrator",
  "SiteAdministratorCreator",
  "SiteAdministratorExplorer",
  // Until API 3.0.
  "SiteAdministrator",
];
const holders: Readonly<Record<RouteRole, readonly string[]>> = {
  "site administrator": siteAdministrators,
  "server administrator": ["ServerAdministrator"],
  "Creator or an Explorer who can publish": [...siteAdministrators, "Creator", "ExplorerCanPublish", "Publisher"],
};

/** Does somebody's site role hold what a route asks for? Null where nobody is known. */
export function hasRole(person: Person | null, role: RouteRole): boolean | null {
  return person === null ? null : holders[role].includes(person.role);
}
