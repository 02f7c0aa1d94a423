import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cloud, context, credential, probe } from "./answers.fixture.ts";
import type { Fault } from "./fault.ts";
import { type PortalEvent, reduce } from "./reducer.ts";
import type { PortalState } from "./state.ts";

const inert: PortalState = { kind: "inert" };
const run = (...events: PortalEvent[]): PortalState => events.reduce(reduce, inert);
const opened = (change = {}, installOnly = false): PortalEvent => ({
  kind: "opened",
  session: { context: context(change), person: null, remembered: null, installOnly },
  credentialId: null,
});
const fault = (at: string | null): Fault => ({ code: "c", message: "m", action: "a", status: 422, requestId: "r", at });
const screenOf = (state: PortalState) => (state.kind === "open" ? state.screen : null);
const formOf = (state: PortalState) => {
  const screen = screenOf(state);
  return screen && "form" in screen ? screen.form : null;
};

describe("opening", () => {
  test("shows the form to whom has connected nothing, and the credential to whom has", () => {
    expect(screenOf(run(opened()))?.kind).toBe("connect");
    expect(screenOf(run(opened({ credentials: [credential()] })))).toMatchObject({ kind: "connected", justNow: false });
  });

  test("of an installation goes to the form, and reconnects what is no longer valid", () => {
    expect(formOf(run(opened({ credentials: [credential()] }, true)))?.reconnecting).toBeNull();
    const invalid = credential({ status: "INVALID" });
    expect(formOf(run(opened({ credentials: [invalid] }, true)))?.reconnecting).toEqual(invalid);
  });
});

describe("the address", () => {
  const text = "https://one.example";
  test("an answer to an address that has been changed since is dropped", () => {
    const state = run(
      opened(),
      { kind: "addressTyped", text },
      { kind: "probing" },
      { kind: "addressTyped", text: "https://two.example" },
      { kind: "probeFound", text, probe: probe() },
    );
    expect(formOf(state)?.address).toEqual({ kind: "typing", text: "https://two.example", empty: false });
  });

  test("a change takes back what was found and what was refused", () => {
    const found: PortalEvent[] = [
      opened(),
      { kind: "addressTyped", text },
      { kind: "probeFound", text, probe: probe() },
    ];
    expect(formOf(run(...found))?.address.kind).toBe("found");
    expect(formOf(run(...found, { kind: "addressTyped", text: "x" }))?.address.kind).toBe("typing");
  });
});

describe("a refused sign-in", () => {
  const refusedAt = (at: string | null): PortalEvent[] => [
    opened(),
    { kind: "fieldTyped", id: "tokenSecret", value: "kept" },
    { kind: "signInStarted", target: cloud },
    { kind: "signInRefused", fault: fault(at) },
  ];

  test("comes back to the form with everything that was typed", () => {
    expect(formOf(run(...refusedAt(null)))).toMatchObject({ values: { tokenSecret: "kept" }, fault: { code: "c" } });
  });

  test("about a field goes when the field changes; about nothing in particular it stays", () => {
    const typed: PortalEvent = { kind: "fieldTyped", id: "tokenSecret", value: "x" };
    expect(formOf(run(...refusedAt("tokenSecret"), typed))?.fault).toBeNull();
    expect(formOf(run(...refusedAt(null), typed))?.fault).not.toBeNull();
  });
});

test("whatever happens before, nothing that was typed outlives the form", () => {
  const secret = "s3cr3t-typed";
  const events: PortalEvent[] = [
    { kind: "fieldTyped", id: "tokenSecret", value: secret },
    { kind: "addressTyped", text: "https://one.example" },
    { kind: "probing" },
    { kind: "probeFound", text: "https://one.example", probe: probe() },
    { kind: "fieldsMissing", ids: ["tokenName"] },
    { kind: "guideOpened" },
    { kind: "guideClosed" },
    { kind: "signInStarted", target: cloud },
    { kind: "signInRefused", fault: fault("tokenName") },
    { kind: "signInFinished" },
    { kind: "reconnectAsked" },
    { kind: "disconnectAsked" },
    { kind: "disconnectStarted" },
    { kind: "disconnectDropped" },
    { kind: "methodChosen", methodId: "password" },
    opened(),
    opened({ credentials: [credential()] }),
  ];
  const ends: PortalEvent[] = [
    { kind: "hidden" },
    { kind: "loadFailed", fault: fault(null) },
    { kind: "connected", context: context(), credential: credential() },
    { kind: "disconnected", context: context() },
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 30 }), fc.constantFrom(...ends), (before, end) => {
      expect(JSON.stringify(run(opened(), ...before, end))).not.toContain(secret);
    }),
  );
});
