import { describe, expect, test } from "vitest";
import { context, credential, organisation } from "./answers.fixture.ts";
import { type PortalEvent, reduce } from "./reducer.ts";
import { blankSetup, readOrder, reduceSetup } from "./setup.ts";
import type { PortalState } from "./state.ts";

const trust = {
  kind: "issuer" as const,
  issuer: "https://easel.acme.example/issuers/1/2",
  serverUrl: "https://10ax.online.tableau.com",
  site: "globex",
  setAt: "2026-11-20T09:12:00.000Z",
  setBy: "Ana",
  problem: null,
};
const broken = { ...trust, problem: { code: "tableau_issuer_refused", reason: "It is off.", at: trust.setAt } };

function run(change: object, ...events: PortalEvent[]): string {
  const session = { context: context(change), person: null, remembered: null, installOnly: false };
  const opened: PortalEvent = { kind: "opened", session, credentialId: null };
  const state = [opened, ...events].reduce(reduce, { kind: "inert" } satisfies PortalState as PortalState);
  return state.kind === "open" ? state.screen.kind : state.kind;
}

describe("the screen for an organisation's administrator", () => {
  test("comes first while nothing is set up or it is broken, and never for anybody else", () => {
    expect(run({ organisation: organisation() })).toBe("setup");
    expect(run({ organisation: organisation({ trust: broken }) })).toBe("setup");
    expect(run({ organisation: organisation({ trust }) })).toBe("connect");
    expect(run({ organisation: null })).toBe("connect");
    expect(run({ organisation: organisation(), credentials: [credential()] })).toBe("connected");
  });

  test("leads on to the administrator's own account, and back", () => {
    const change = { organisation: organisation({ trust }) };
    expect(run({ organisation: organisation() }, { kind: "setupDropped" })).toBe("connect");
    expect(run(change, { kind: "organisationAsked" })).toBe("organisation");
    expect(run(change, { kind: "organisationAsked" }, { kind: "organisationLeft" })).toBe("connect");
    const done: PortalEvent = { kind: "setupFinished", context: context(change) };
    expect(run({ organisation: organisation() }, { kind: "setupStarted" }, done)).toBe("organisation");
    const removed: PortalEvent = { kind: "setupFinished", context: context({ organisation: organisation() }) };
    expect(run(change, { kind: "organisationAsked" }, { kind: "removalAsked" }, removed)).toBe("setup");
  });
});

describe("what is sent", () => {
  const serverUrl = "https://10ax.online.tableau.com/#/site/globex";
  const order = (way: "issuer" | "keys" | "createApp", values: Record<string, string>) =>
    readOrder({ ...blankSetup, way, values });

  test("is the way that was chosen, with what belongs to it and no more", () => {
    const typed = { serverUrl: ` ${serverUrl} `, clientId: "c", secretId: "i", secretValue: "v" };
    const token = { tokenName: "n", tokenSecret: "s" };
    expect(order("issuer", typed)).toEqual({ kind: "order", order: { way: "issuer", serverUrl } });
    expect(order("issuer", { ...typed, ...token })).toEqual({
      kind: "order",
      order: { way: "registerIssuer", serverUrl, ...token },
    });
    expect(order("createApp", { ...typed, ...token })).toEqual({
      kind: "order",
      order: { way: "createApp", serverUrl, ...token },
    });
    expect(order("keys", { ...typed, ...token })).toMatchObject({ order: { way: "keys", secretValue: "v" } });
  });

  test("is nothing while something is missing", () => {
    expect(order("issuer", {})).toEqual({ kind: "missing", ids: ["serverUrl"] });
    expect(order("issuer", { serverUrl, tokenName: "n" })).toEqual({ kind: "missing", ids: ["tokenSecret"] });
    expect(order("keys", { serverUrl, clientId: "c", secretId: " " })).toMatchObject({
      ids: ["secretId", "secretValue"],
    });
  });

  test("stays as it is while it is under way", () => {
    const working = reduceSetup(blankSetup, { kind: "setupStarted" });
    expect(reduceSetup(working, { kind: "fieldTyped", id: "serverUrl", value: "x" })).toBe(working);
    expect(reduceSetup(working, { kind: "wayChosen", way: "keys" })).toBe(working);
  });
});
