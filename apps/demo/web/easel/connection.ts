import { z } from "zod";
import type { Paragon } from "./paragon.ts";

/** Whether the signed-in person has connected Tableau. `invalid`: connected once, but Tableau no longer lets them in. */
export type Connection =
  | { kind: "none" }
  | { kind: "connected"; credentialId: string; account: Account }
  | { kind: "invalid"; credentialId: string; account: Account };

/** Who the person is at Tableau, and where: what Easel puts into the credential's `providerData`. */
export type Account = z.infer<typeof accountSchema>;

const accountSchema = z
  .object({
    username: z.string().nullish(),
    serverUrl: z.string().nullish(),
    site: z.string().nullish(),
  })
  .catch({});

/** Reads the connection out of the SDK's user state. No request is made. */
export function connectionOf(paragon: Paragon): Connection {
  const user = paragon.getUser();
  const tableau = user.authenticated ? user.integrations.tableau : undefined;
  const credential =
    tableau?.allCredentials.find(({ id }) => id === tableau.credentialId) ?? tableau?.allCredentials[0];
  if (tableau === undefined || credential === undefined) return { kind: "none" };
  return {
    kind: credential.status === "INVALID" ? "invalid" : "connected",
    credentialId: credential.id,
    account: accountSchema.parse(credential.providerData ?? tableau.providerData),
  };
}
