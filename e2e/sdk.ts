import type { Page } from "playwright-core";

/**
 * The SDK in a page, driven as the page's own code would drive it. Playwright evaluates with a user gesture, so that
 * windows may open.
 */
export interface Sdk {
  authenticate(projectId: string, token: string): Promise<void>;
  user(): Promise<SdkUser>;
  metadata(): Promise<{ type: string; name: string; icon: string }[]>;
  /** Opens the portal. What came of it is in `events` and `connected`. */
  connect(): Promise<void>;
  /** What `connect` has resolved or rejected with; waits for it. */
  connected(): Promise<Outcome>;
  request(path: string): Promise<unknown>;
  uninstall(): Promise<void>;
  /** InstallFlow from start to end, with this account type and these answers. */
  installFlow(method: string, answers: Record<string, string>): Promise<Outcome>;
  /** Headless `installIntegration`: opens Easel's window. What came of it is in `connected`. */
  installHeadless(): Promise<void>;
  /** What was reported through `subscribe` and through the callbacks of `connect`, in order. */
  events(): Promise<string[]>;
}

export interface SdkUser {
  readonly authenticated: boolean;
  readonly userId?: string;
  readonly integrations?: {
    readonly tableau?: {
      readonly enabled: boolean;
      readonly credentialId?: string;
      readonly credentialStatus?: string;
      readonly allCredentials: readonly { readonly id: string; readonly status: string }[];
    };
  };
}

export type Outcome = { kind: "ok" } | { kind: "failed"; message: string };

declare global {
  interface Window {
    /** What a test remembers in the page. */
    seen: { events: string[]; outcome: Promise<Outcome> | undefined };
  }
}

/** Waits until the page has its SDK, and listens to it. */
export async function sdkOf(page: Page): Promise<Sdk> {
  await page.waitForFunction(() => window.paragon !== undefined);
  await page.evaluate(() => {
    const seen: Window["seen"] = { events: [], outcome: undefined };
    window.seen = seen;
    // The SDK types event names as an enum that none of its entries exports.
    const sdk: unknown = window.paragon;
    const { subscribe } = sdk as { subscribe(event: string, listener: (event: unknown) => void): void };
    for (const name of ["onIntegrationInstall", "onIntegrationUninstall", "onPortalOpen", "onPortalClose"])
      subscribe.call(sdk, name, () => seen.events.push(name));
  });
  return {
    authenticate: (projectId, token) =>
      page.evaluate(([id, jwt]) => window.paragon.authenticate(id, jwt), [projectId, token] as const),
    user: () => page.evaluate(() => JSON.parse(JSON.stringify(window.paragon.getUser()))),
    metadata: () => page.evaluate(() => JSON.parse(JSON.stringify(window.paragon.getIntegrationMetadata()))),
    connect: () =>
      page.evaluate(() => {
        const { seen } = window;
        // Typed as if it answered nothing; it answers a promise.
        const installed: unknown = window.paragon.connect("tableau", {
          onInstall: ({ integrationType }) => seen.events.push(`onInstall ${integrationType}`),
        });
        seen.outcome = Promise.resolve(installed)
          .then(() => ({ kind: "ok" as const }))
          .catch((error: Error) => ({ kind: "failed" as const, message: error.message }));
      }),
    connected: () =>
      page.evaluate(() => window.seen.outcome ?? Promise.reject(new Error("Nothing was asked to connect."))),
    request: (path) => page.evaluate((asked) => window.paragon.request("tableau", asked, { method: "GET" }), path),
    uninstall: () => page.evaluate(() => window.paragon.uninstallIntegration("tableau")),
    installFlow: (method, answers) =>
      page.evaluate(
        ([accountType, values]) => {
          const { paragon } = window;
          paragon.setHeadless(true);
          return new Promise<Outcome>((resolve) => {
            const fail = (error: { message: string }) => resolve({ kind: "failed", message: error.message });
            paragon.installFlow.start("tableau", {
              onNext: (next) => {
                if (next.stage === "accountType") void paragon.installFlow.setAccountType(accountType);
                else if (next.stage === "preOptions") void paragon.installFlow.setPreOptions(values);
              },
              onComplete: () => resolve({ kind: "ok" }),
              onError: fail,
            });
          });
        },
        [method, answers] as const,
      ),
    installHeadless: () =>
      page.evaluate(() => {
        window.paragon.setHeadless(true);
        window.seen.outcome = window.paragon
          .installIntegration("tableau")
          .then(() => ({ kind: "ok" as const }))
          .catch((error: Error) => ({ kind: "failed" as const, message: error.message }));
      }),
    events: () => page.evaluate(() => window.seen.events),
  };
}
