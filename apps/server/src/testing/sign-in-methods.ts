import type { Sandbox } from "@easel/sandbox";
import type { TestProject } from "./test-easel.ts";

/** What connects as the sandbox's administrator, by each of the three ways. */
export function payloads({ url, keys }: Sandbox): Readonly<Record<"pat" | "password" | "connectedApp", object>> {
  const at = { serverUrl: url, site: keys.site.contentUrl };
  return {
    pat: { ...at, method: "pat", tokenName: keys.pat.name, tokenSecret: keys.pat.secret },
    password: { ...at, method: "password", username: keys.user.name, password: keys.user.password },
    connectedApp: { ...at, method: "connectedApp" },
  };
}

export const METHODS = ["pat", "password", "connectedApp"] as const;

/** Gives a project the sandbox's connected app as its own keys. */
export async function setOwnTrust(project: TestProject, { url, keys }: Sandbox): Promise<void> {
  const { clientId, secretId, secretValue } = keys.connectedApp;
  const response = await project.manage(`/integrations/${project.integrationId}`, {
    method: "PATCH",
    json: {
      clientId,
      clientSecret: secretId,
      clientSecretValue: secretValue,
      serverUrl: url,
      site: keys.site.contentUrl,
    },
  });
  if (!response.ok) throw new Error(`The keys were not taken: ${await response.text()}`);
}
