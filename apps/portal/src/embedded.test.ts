import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { context } from "./answers.fixture.ts";
import { createDrafts } from "./drafts.ts";
import { createEmbedded } from "./embedded.ts";
import { createPortalApi } from "./portal-api.ts";
import { type BridgeMessage, createSdkBridge } from "./sdk-bridge.ts";
import { createStore } from "./store.ts";
import { stringsFor } from "./strings.ts";

const host = "https://app.acme.example";
const project = context().project.id;
const envelope = (code: string) =>
  JSON.stringify({ message: `Because of ${code}.`, code, status: 422, action: "Do it.", requestId: "r1", meta: {} });

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Setup {
  /** What `GET …/sdk/portal` answers. */
  answer?: { status: number; body: string };
  /** The project in the portal's own address. */
  framedProject?: string;
}

/** The portal in a page that speaks as the SDK does, beside a server that answers as ours does. */
async function embed({ answer = { status: 200, body: JSON.stringify(context()) }, framedProject }: Setup = {}) {
  const asked: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers);
    response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  const { port } = server.address() as AddressInfo;

  const calls: { type: string; parameters: unknown[]; id: string; target: string }[] = [];
  const listeners: ((event: BridgeMessage) => void)[] = [];
  /** What the SDK answers to a call; by default, as most of its methods, nothing. */
  const sdk: { reply: (call: { type: string }) => unknown } = { reply: () => undefined };
  const page = {
    postMessage(message: { type: string; parameters: unknown[]; id: string }, target: string) {
      calls.push({ ...message, target });
      queueMicrotask(() => say({ messageType: "SDK_FUNCTION_RESPONSE", id: message.id, result: sdk.reply(message) }));
    },
  };
  const say = (data: unknown, origin = host) => {
    for (const listener of listeners) listener({ data, origin, source: page });
  };
  const update = (modal: object, user: object = { authenticated: true, token: "jwt", userId: "u1" }) =>
    say({ messageType: "UI_UPDATE", nextContext: { user, projectId: project }, nextModalState: modal });

  const strings = stringsFor([]);
  const store = createStore(() => {});
  const kept = new Map<string, string>();
  const warnings: string[] = [];
  const focused: string[] = [];
  const bridge = createSdkBridge(
    { parent: page, addEventListener: (_type, listener) => listeners.push(listener) },
    (heard, origin) => embedded.onUpdate(heard, origin),
  );
  const embedded = createEmbedded({
    bridge,
    api: createPortalApi((path, init) => fetch(`http://127.0.0.1:${port}${path}`, init), strings),
    store,
    strings,
    drafts: createDrafts(() => ({
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
    })),
    framedProject: framedProject ?? null,
    focusPortal: () => focused.push("portal"),
    focusPage: () => focused.push("page"),
    warn: (text) => warnings.push(text),
    hint: () => {},
  });
  return { embedded, store, asked, calls, warnings, focused, sdk, update, say };
}

const open = { integration: { type: "tableau", needPreOauthInputs: true } };

describe("an origin that the project allows", () => {
  test("gets the portal: shown, then opened, then focused, all addressed to that origin", async () => {
    const { update, calls, asked, store, focused } = await embed();
    update(open);
    await vi.waitFor(() => expect(focused).toEqual(["portal"]));
    expect(store.state().kind).toBe("open");
    expect(asked[0]).toMatchObject({ authorization: "Bearer jwt", "x-easel-embedder": host });
    expect(calls.map(({ type, target }) => [type, target])).toEqual([
      ["updateContainerStyle", host],
      ["onOpen", host],
    ]);
  });

  test("may send the same update many times, and one without a user first", async () => {
    const { update, asked, store } = await embed();
    update(open, { authenticated: false });
    for (let time = 0; time < 5; time += 1) update(open);
    update(open, { authenticated: true, token: "renewed", userId: "u1" });
    await vi.waitFor(() => expect(store.state().kind).toBe("open"));
    expect(asked).toHaveLength(1);
  });

  test("hides the portal, and gets the keyboard back", async () => {
    const { update, calls, store, focused } = await embed();
    update(open);
    await vi.waitFor(() => expect(focused).toEqual(["portal"]));
    update({ integration: null });
    expect(store.state().kind).toBe("inert");
    expect(calls.at(-1)).toMatchObject({ type: "updateContainerStyle", parameters: [{ isModalShown: false }] });
    expect(focused).toEqual(["portal", "page"]);
  });
});

describe("a page that may not embed the portal", () => {
  const refused = { status: 403, body: envelope("origin_not_allowed") };

  test("sees and hears nothing", async () => {
    const { update, calls, store, warnings } = await embed({ answer: refused });
    update(open);
    await vi.waitFor(() => expect(warnings).toHaveLength(1));
    expect(calls).toEqual([]);
    expect(store.state().kind).toBe("inert");
  });

  test("hears nothing either while the server cannot say whether it may", async () => {
    const { update, calls, warnings } = await embed({ answer: { status: 500, body: envelope("internal") } });
    update(open);
    await vi.waitFor(() => expect(warnings).toHaveLength(1));
    expect(calls).toEqual([]);
  });
});

test("where the browser itself vouches for the page, the card shows at once and says what went wrong", async () => {
  const { update, calls, store } = await embed({
    answer: { status: 500, body: envelope("internal") },
    framedProject: project,
  });
  update(open);
  expect(store.state().kind).toBe("loading");
  expect(calls[0]).toMatchObject({ type: "updateContainerStyle", parameters: [{ isModalShown: true }] });
  await vi.waitFor(() => expect(store.state()).toMatchObject({ kind: "failed", fault: { code: "internal" } }));
});

test("a page that the server has let embed the portal sees the card at once from then on", async () => {
  const { update, store, focused } = await embed();
  update(open);
  await vi.waitFor(() => expect(focused).toEqual(["portal"]));
  update({ integration: null });
  update(open);
  expect(store.state().kind).toBe("loading");
});

test("stays hidden while an installation goes on in a popup", async () => {
  const { update, asked, calls } = await embed();
  update({
    integration: { type: "tableau", needPreOauthInputs: false },
    apiInstallationOptions: { isApiInstallation: true },
  });
  expect([asked, calls]).toEqual([[], []]);
});

test("says so when the SDK has signed its user out", async () => {
  const { update, store } = await embed();
  update(open);
  await vi.waitFor(() => expect(store.state().kind).toBe("open"));
  update(open, { authenticated: false });
  expect(store.state()).toMatchObject({ kind: "failed", fault: { code: "signed_out" } });
});

describe("a sign-in", () => {
  async function opened() {
    const embedding = await embed();
    embedding.update(open);
    await vi.waitFor(() => expect(embedding.store.state().kind).toBe("open"));
    return embedding;
  }
  const payload = { method: "pat", serverUrl: "https://x.example", site: "" };

  test("answers the id of the credential that the SDK installed", async () => {
    const { embedded, sdk, calls } = await opened();
    sdk.reply = () => ({ credentialId: "c1" });
    expect(await embedded.link.connect(payload)).toEqual({ kind: "ok", value: "c1" });
    expect(calls.at(-1)).toMatchObject({
      type: "_oauthCallback",
      parameters: [{ integrationId: context().integration.id, payload }],
    });
  });

  test("that is refused resolves empty, with the reason in an update before it", async () => {
    const { embedded, sdk, update } = await opened();
    sdk.reply = () => {
      update({ ...open, connectionError: new Error(envelope("tableau_site_unknown")) });
    };
    expect(await embedded.link.connect(payload)).toMatchObject({
      kind: "refused",
      fault: { code: "tableau_site_unknown", at: "site", requestId: "r1" },
    });
  });

  test("or in an update after it, and never with the reason of an earlier one", async () => {
    const { embedded, update } = await opened();
    update({ ...open, connectionError: new Error(envelope("old")) });
    const refused = embedded.link.connect(payload);
    setTimeout(() => update({ ...open, connectionError: new Error(envelope("new")) }), 20);
    expect(await refused).toMatchObject({ kind: "refused", fault: { code: "new" } });
  });
});
