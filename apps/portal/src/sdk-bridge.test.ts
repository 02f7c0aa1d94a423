import { expect, test } from "vitest";
import type { HostUpdate } from "./host-update.ts";
import { type BridgeMessage, type BridgeWindow, createSdkBridge } from "./sdk-bridge.ts";

const host = "https://app.acme.example";
const update = {
  messageType: "UI_UPDATE",
  nextContext: { user: { authenticated: true, token: "t", userId: "u" }, projectId: "p" },
  nextModalState: { integration: { type: "tableau" } },
};

/** A window with a page around it, and what that page was sent. */
function framed() {
  const sent: { message: { id: string; type: string }; target: string }[] = [];
  const heard: { update: HostUpdate; origin: string }[] = [];
  const listeners: ((event: BridgeMessage) => void)[] = [];
  const parent = {
    postMessage: (message: { id: string; type: string }, target: string) => sent.push({ message, target }),
  };
  const window: BridgeWindow = {
    parent,
    addEventListener: (_type, listener) => listeners.push(listener),
  };
  const bridge = createSdkBridge(window, (heardUpdate, origin) => heard.push({ update: heardUpdate, origin }));
  const say = (data: unknown, origin = host, source: unknown = parent) => {
    for (const listener of listeners) listener({ data, origin, source });
  };
  return { bridge, sent, heard, say };
}

test("hears the page around it and nobody else", () => {
  const { heard, say } = framed();
  say(update, host, { postMessage: () => {} });
  say(update, host, null);
  say(update, "null");
  say({ ...update, messageType: "OTHER" });
  say("UI_UPDATE");
  expect(heard).toEqual([]);
  say(update);
  expect(heard).toMatchObject([{ origin: host, update: { token: "t", projectId: "p" } }]);
});

test("sends nothing before an origin is trusted, and then to that origin only", async () => {
  const { bridge, sent, say } = framed();
  expect(await bridge.invoke("onOpen", [])).toEqual({ kind: "silent" });
  expect(sent).toEqual([]);
  bridge.trust(host);
  const reply = bridge.invoke("updateContainerStyle", [{ isModalShown: true }]);
  expect(sent).toMatchObject([
    { target: host, message: { messageType: "SDK_FUNCTION_INVOCATION", type: "updateContainerStyle" } },
  ]);
  const { id } = sent[0]?.message ?? { id: "" };
  say({ messageType: "SDK_FUNCTION_RESPONSE", id, result: "forged" }, "https://evil.example");
  say({ messageType: "SDK_FUNCTION_RESPONSE", id: "another", result: "not ours" });
  say({ messageType: "SDK_FUNCTION_RESPONSE", id, result: "shown" });
  expect(await reply).toEqual({ kind: "answered", result: "shown" });
});

test("what the SDK throws is an answer, not an exception", async () => {
  const { bridge, sent, say } = framed();
  bridge.trust(host);
  const reply = bridge.invoke("uninstallIntegration", ["tableau", {}]);
  say({ messageType: "SDK_FUNCTION_ERROR", error: true, id: sent[0]?.message.id, message: "no" });
  expect(await reply).toEqual({ kind: "threw", message: "no" });
});

test("remembers a bounded number of calls that wait", async () => {
  const { bridge, sent } = framed();
  bridge.trust(host);
  for (let call = 0; call < 100; call += 1) void bridge.invoke("onOpen", []);
  expect(sent).toHaveLength(32);
  expect(await bridge.invoke("onOpen", [])).toEqual({ kind: "silent" });
});
