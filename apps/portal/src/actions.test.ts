import type { PortalContext } from "@easel/api/portal";
import { describe, expect, test, vi } from "vitest";
import { createActions, type Link } from "./actions.ts";
import { cloud, connectedApp, context, credential, pat, probe } from "./answers.fixture.ts";
import { localFault, ok, refused } from "./fault.ts";
import type { ConnectPayload } from "./portal-api.ts";
import { createStore } from "./store.ts";

const words = { message: "No.", action: "Ask." };

/** An open portal whose link answers what a test says. */
function open(
  first: PortalContext,
  { installOnly = false, ...answers }: Partial<Link> & { installOnly?: boolean } = {},
) {
  const sent: ConnectPayload[] = [];
  const closed: string[] = [];
  const store = createStore(() => {});
  const link: Link = {
    context: async () => ok(context({ credentials: [credential()] })),
    probe: async () => ok(probe()),
    connect: async () => ok(credential().id),
    disconnect: async () => ok(null),
    setTrust: async () => ok(null),
    removeTrust: async () => ok(null),
    reload: () => {},
    close: () => closed.push("closed"),
    ...answers,
  };
  const connect: Link["connect"] = (payload) => {
    sent.push(payload);
    return link.connect(payload);
  };
  const actions = createActions({
    store,
    link: { ...link, connect },
    now: () => new Date("2026-11-24T10:00:00Z"),
    wait: async () => {},
  });
  const reopen = () =>
    store.dispatch({
      kind: "opened",
      session: { context: first, person: null, remembered: null, installOnly },
      credentialId: null,
    });
  reopen();
  const screen = () => {
    const state = store.state();
    return state.kind === "open" ? state.screen : null;
  };
  return { actions, store, sent, closed, screen, reopen };
}

const trust = { ...cloud, username: "ana@acme.com", problem: null };
const withTrust = context({ methods: [connectedApp, pat], trust });

describe("signing in", () => {
  test("by a trust sends where, and never as whom: that is the product's to say", async () => {
    const { actions, sent, screen } = open(withTrust);
    actions.proceed();
    await vi.waitFor(() => expect(screen()?.kind).toBe("connected"));
    expect(sent).toEqual([{ method: "connectedApp", ...cloud, attempt: expect.any(String) }]);
  });

  test("sends something new with every attempt, since the SDK swallows what it has just seen", async () => {
    const { actions, sent, screen } = open(withTrust, { connect: async () => refused(localFault("no", words)) });
    for (const count of [1, 2]) {
      actions.proceed();
      await vi.waitFor(() => expect([sent.length, screen()?.kind]).toEqual([count, "connect"]));
    }
    expect(sent[0]?.attempt).not.toBe(sent[1]?.attempt);
  });

  test("looks the address up first, and asks for what is missing before it sends anything", async () => {
    const { actions, store, sent, screen } = open(context());
    store.dispatch({ kind: "addressTyped", text: " https://10ax.online.tableau.com/#/site/acme " });
    actions.proceed();
    await vi.waitFor(() => expect(screen()).toMatchObject({ form: { address: { kind: "found" } } }));
    actions.proceed();
    expect(screen()).toMatchObject({ form: { missing: ["tokenName", "tokenSecret"] } });
    expect(sent).toEqual([]);
  });

  test("again names the credential that it renews", async () => {
    const invalid = credential({ status: "INVALID" });
    const { actions, store, sent } = open(context({ credentials: [invalid] }));
    store.dispatch({ kind: "reconnectAsked" });
    actions.lookUpKnown();
    await vi.waitFor(() => {
      store.dispatch({ kind: "fieldTyped", id: "tokenName", value: "n" });
      store.dispatch({ kind: "fieldTyped", id: "tokenSecret", value: "s" });
      actions.proceed();
      expect(sent).toMatchObject([{ credentialId: invalid.id, ...cloud, tokenName: "n", tokenSecret: "s" }]);
    });
  });

  test("shows what it connected even where the server cannot be asked again", async () => {
    const { actions, screen } = open(withTrust, { context: async () => refused(localFault("offline", words)) });
    actions.proceed();
    await vi.waitFor(() =>
      expect(screen()).toMatchObject({ kind: "connected", credential: { ...cloud, status: "VALID", username: null } }),
    );
  });

  test("for an installation closes by itself", async () => {
    const { actions, closed } = open(withTrust, { installOnly: true });
    actions.proceed();
    await vi.waitFor(() => expect(closed).toEqual(["closed"]));
  });

  test("that ends after the card was closed and opened again shows the credential all the same", async () => {
    const signedIn = Promise.withResolvers<void>();
    const { actions, screen, store, reopen } = open(withTrust, {
      connect: async () => {
        await signedIn.promise;
        return ok(credential().id);
      },
    });
    actions.proceed();
    store.dispatch({ kind: "hidden" });
    reopen();
    signedIn.resolve();
    await vi.waitFor(() => expect(screen()).toMatchObject({ kind: "connected", credential: { id: credential().id } }));
  });
});

describe("disconnecting", () => {
  test("asks first, then shows the form", async () => {
    const { actions, store, screen } = open(context({ credentials: [credential()] }), {
      context: async () => ok(context()),
    });
    actions.confirmDisconnect();
    expect(screen()?.kind).toBe("connected");
    store.dispatch({ kind: "disconnectAsked" });
    actions.confirmDisconnect();
    await vi.waitFor(() => expect(screen()).toMatchObject({ kind: "connect", form: { disconnected: true } }));
  });

  test("that fails says why, and keeps the credential", async () => {
    const { actions, store, screen } = open(context({ credentials: [credential()] }), {
      disconnect: async () => refused(localFault("no", words)),
    });
    store.dispatch({ kind: "disconnectAsked" });
    actions.confirmDisconnect();
    await vi.waitFor(() =>
      expect(screen()).toMatchObject({ kind: "disconnect", step: { kind: "refused", fault: { code: "no" } } }),
    );
  });
});
