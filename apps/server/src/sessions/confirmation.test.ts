import { createTableauConnector } from "@easel/tableau";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEgressAllow } from "../egress/allowance.ts";
import { createEgress, type Egress } from "../egress/egress.ts";
import { type FakeTableau, startFakeTableau } from "../testing/fake-tableau.ts";
import { waitFor } from "../testing/wait-for.ts";
import { type Confirmation, createConfirmation } from "./confirmation.ts";
import type { Session } from "./sessions.ts";

let tableau: FakeTableau;
let egress: Egress;
let confirmation: Confirmation;
let session: Session;
beforeAll(async () => {
  tableau = await startFakeTableau();
  egress = createEgress({ allow: parseEgressAllow(tableau.host) });
  const connector = createTableauConnector({ clock: Date.now });
  confirmation = createConfirmation(connector, egress, Date.now);
  const result = await connector.signIn(
    {
      serverUrl: tableau.url,
      apiVersion: "3.27",
      site: "acme",
      method: "pat",
      fields: { tokenName: "a", tokenSecret: "b" },
      scopes: [],
    },
    egress.send(5000),
  );
  if (result.kind !== "signedIn") throw new Error("The sign-in was refused.");
  session = {
    ...result.session,
    identity: "a",
    generation: 1,
    site: "acme",
    usableUntil: Number.MAX_VALUE,
    renewAt: Number.MAX_VALUE,
    provenAt: 0,
    keptAt: 0,
    toldUsedAt: 0,
    streams: 0,
    leavingUntil: 0,
  };
});
afterAll(async () => {
  await egress.close();
  await tableau.close();
});

const questions = () => tableau.received.filter(({ url }) => url.endsWith("/sessions/current")).length;

test("many who ask at once put one question", async () => {
  const before = questions();
  const verdicts = await Promise.all(Array.from({ length: 50 }, () => confirmation.ask(session, "pat", [])));
  expect(new Set(verdicts)).toEqual(new Set(["alive"]));
  expect(questions() - before).toBe(1);
  expect(session.provenAt).toBeGreaterThan(0);
});

test("who asks while a question is under way gets the answer to a later one", async () => {
  const before = questions();
  const first = confirmation.ask(session, "pat", []);
  await waitFor(() => questions() === before + 1);
  tableau.endSessions();
  const later = await Promise.all(Array.from({ length: 20 }, () => confirmation.ask(session, "pat", [])));
  expect(new Set(later)).toEqual(new Set(["dead"]));
  expect(questions() - before).toBe(2);
  await first;
});

test("what nothing can be asked of stays unknown, and so does a server that does not answer", async () => {
  expect(await confirmation.ask(session, "connectedApp", ["tableau:jobs:read"])).toBe("unknown");
  const nowhere = { ...session, serverUrl: "http://127.0.0.1:9" };
  expect(await confirmation.ask(nowhere, "pat", [])).toBe("unknown");
});
