import type { Connector } from "@easel/connector";
import type { Trx } from "../database/database.ts";
import { recordEvents } from "../events/events.ts";
import type { ContestListener } from "../sessions/sessions.ts";
import { credentialsOfIdentities } from "./store.ts";

const SETTLED = {
  code: "credential_settled",
  message: "For two minutes nobody else has signed in with this token.",
  action: "",
};

/** Tells everyone whose credential it is that its token is used somewhere else, and when that is over. */
export function createContests(connector: Connector): ContestListener {
  const code = "tableau_session_contested";
  const { message = "", action = "" } = connector.problems[code] ?? {};
  const tell =
    (kind: "credential_contested" | "credential_settled", reason: typeof SETTLED) =>
    async (trx: Trx, identities: readonly string[]): Promise<void> => {
      const found = await credentialsOfIdentities(trx, identities);
      await recordEvents(
        trx,
        found.map((credential) => ({ kind, ...credential, reason })),
      );
    };
  return {
    began: tell("credential_contested", { code, message, action }),
    settled: tell("credential_settled", SETTLED),
  };
}
