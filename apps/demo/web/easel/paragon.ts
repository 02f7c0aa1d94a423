import connect from "@useparagon/connect/ConnectSDK";

/** The SDK's instance, as every product that embeds Easel holds one. */
export type Paragon = connect.default;

/**
 * The unmodified `@useparagon/connect`, with every one of its services at Easel's origin. Its main entry would make an
 * instance of its own while it loads, and that one opens connections to useparagon.com before it can be configured;
 * this entry makes none. `skipBootstrapWithLastKnownState`: a state saved in localStorage would else override the
 * origins given here and sign in the person of the last visit.
 *
 * `.default`: the package is CommonJS, and in an ES module its default import is all of `module.exports`.
 */
export function createParagon(easelOrigin: string): Paragon {
  const sdk = new connect.default(
    {
      CONNECT_PUBLIC_URL: easelOrigin,
      DASHBOARD_PUBLIC_URL: easelOrigin,
      ZEUS_PUBLIC_URL: easelOrigin,
      HERMES_PUBLIC_URL: easelOrigin,
      WORKER_PROXY_PUBLIC_URL: easelOrigin,
      CDN_PUBLIC_URL: easelOrigin,
      PASSPORT_PUBLIC_URL: easelOrigin,
      PASSPORT_PRODUCTION_URL: easelOrigin,
      API_TRIGGER_KIT_PUBLIC_URL: easelOrigin,
      NODE_ENV: "production",
      PLATFORM_ENV: "enterprise",
      VERSION: "latest",
    },
    { skipBootstrapWithLastKnownState: true },
  );
  // The SDK gives the portal's iframe no name, and a screen reader would call it by its address.
  document.getElementById("paragon-connect-frame")?.setAttribute("title", "Connect Tableau");
  return sdk;
}

/** Calls `onChange` whenever the person was connected or disconnected, by whichever way. Answers with how to stop. */
export function watchInstalls(sdk: Subscribable, onChange: () => void): () => void {
  const stops = [sdk.subscribe("onIntegrationInstall", onChange), sdk.subscribe("onIntegrationUninstall", onChange)];
  return () => {
    for (const stop of stops) stop();
  };
}

/** The SDK types event names as an enum that none of its entries exports. */
type Subscribable = { subscribe(event: string, listener: () => void): () => boolean };
