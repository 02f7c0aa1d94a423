import type { Send, SessionAddress } from "@easel/connector";
import { z } from "zod";
import { readBody } from "./answers.ts";

const token = z.object({ tokenName: z.string(), expiresAt: z.iso.datetime({ offset: true }) });
const tokens = z.object({ personalAccessTokens: z.object({ personalAccessToken: z.unknown() }) });
const tokensBody = z.union([tokens, z.object({ tsResponse: tokens }).transform((body) => body.tsResponse)]);

/**
 * When a personal access token ends, from the list of its user's tokens (REST reference, "Authentication methods":
 * Tableau Cloud, API 3.21). Null where the server has no such list, or does not say: then nothing is known of it.
 */
export async function tokenExpiry(
  { serverUrl, apiVersion, siteId, userId }: SessionAddress,
  fields: Readonly<Record<string, string>>,
  authorization: Record<string, string>,
  send: Send,
): Promise<Date | null> {
  const url = `${serverUrl}/api/${apiVersion}/sites/${siteId}/users/${userId}/personal-access-tokens`;
  const answer = await send({ method: "GET", url, headers: { accept: "application/json", ...authorization } });
  if (answer.kind === "unreachable" || answer.status !== 200) return null;
  const read = tokensBody.safeParse(readBody(answer.body));
  if (!read.success) return null;
  const listed = [read.data.personalAccessTokens.personalAccessToken].flat();
  // A name is used once among a user's tokens (Tableau help, "Personal Access Tokens").
  const found = listed.map((one) => token.safeParse(one)).find((one) => one.data?.tokenName === fields.tokenName);
  return found?.data === undefined ? null : new Date(found.data.expiresAt);
}
