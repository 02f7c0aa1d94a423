/** Every word that the portal itself says. A language is one object of this shape. */
const english = {
  language: "en",
  close: "Close",
  back: "Back",
  copied: "Copied",
  tryAgain: "Try again",
  and: (more: number) => `and ${more} more`,
  loading: "Opening…",

  connect: {
    title: (integration: string) => `Connect your ${integration} account`,
    reconnectTitle: (integration: string) => `Reconnect your ${integration} account`,
    windowTitle: (product: string, integration: string) => `Connect ${integration} to ${product}`,
    forPerson: (product: string, person: string) => `For ${person} in ${product}`,
    consent: (product: string) => `${product} will be able to:`,
    address: (integration: string) => `Paste your ${integration} address`,
    addressHelp: "Any page of it will do. Copy it from your browser’s address bar.",
    addressPlaceholder: "https://10ax.online.tableau.com/#/site/acme",
    addressMissing: "Paste the address that you see when Tableau is open in your browser.",
    looking: (host: string) => `Looking at ${host}…`,
    cloud: "Tableau Cloud",
    server: (version: string) => `Tableau Server ${version}`,
    site: (site: string) => `site ${site}`,
    defaultSite: "default site",
    siteField: "Site",
    siteHelpServer: "The part of the address after /site/. Leave it empty for the default site.",
    siteHelpCloud: "The part of the address after /site/, for example acme.",
    siteMissing: "Tableau Cloud needs the name of the site. It is the part of the address after /site/.",
    missing: (field: string) => `${field} is empty.`,
    continue: "Continue",
    connect: "Connect",
    reconnect: "Reconnect",
    connectAs: (name: string) => `Connect as ${name}`,
    cancel: "Cancel",
    trustLead: (product: string) => `${product} is set up to connect you. There is nothing to type.`,
    trustRefused: (product: string) => `${product} could not connect you by itself`,
    otherWays: "Other ways to connect",
    noMethods: "This address offers no way to sign in that works here",
    noMethodsAction: (product: string) => `Ask ${product} which ways to sign in it allows.`,
    showSecret: (field: string) => `Show ${field.toLowerCase()}`,
    hideSecret: (field: string) => `Hide ${field.toLowerCase()}`,
    whereToken: "Where do I find this?",
    promise: "Stored encrypted. Disconnect any time.",
    disconnected: (integration: string) => `${integration} is disconnected.`,
    inactive: (integration: string, product: string) => `${integration} is not switched on in ${product} yet`,
    inactiveAction: (product: string) => `Ask ${product} when it will be available.`,
  },

  signingIn: {
    title: "Connecting",
    reaching: (host: string) => `Reaching ${host}…`,
    signing: "Signing in…",
    done: "Done",
    slow: "This takes longer than usual. Some servers need up to a minute.",
  },

  connected: {
    title: (integration: string) => `${integration} is connected`,
    invalidTitle: (integration: string) => `${integration} needs to be reconnected`,
    as: "Connected as",
    site: "Site",
    server: "Server",
    since: "Since",
    how: "Sign-in",
    unknownPerson: "The owner of the token",
    defaultSite: "Default site",
    done: "Done",
    reconnect: "Reconnect",
    signInAgain: "Sign in again",
    disconnect: "Disconnect",
    closing: "You can close this window.",
  },

  disconnect: {
    title: (integration: string) => `Disconnect ${integration}?`,
    means: (product: string, integration: string, name: string | null) =>
      `${product} can no longer reach ${integration}${name ? ` as ${name}` : ""}, and what it does for you there stops.`,
    forgets: "What you signed in with is deleted here at once. You can connect again any time.",
    tokenStays: "The token itself stays valid in Tableau until you revoke it there.",
    confirm: "Disconnect",
    working: "Disconnecting…",
    keep: "Keep connected",
  },

  setup: {
    title: (integration: string, organisation: string) => `Set ${integration} up for ${organisation}`,
    lead: (product: string, organisation: string) =>
      `You do this once. Then ${product} connects everyone of ${organisation} as themselves, and nobody types anything.`,
    broken: "It was set up before, and no longer works",
    address: (integration: string) => `Address of your ${integration} site`,
    addressHelp: "Copy it from your browser’s address bar. You have to be a user of this site.",
    addressMissing: "Paste the address that you see when your Tableau site is open in your browser.",
    ways: "How",
    way: {
      issuer: {
        title: "Without a secret",
        text: (product: string) =>
          `Your site trusts sign-ins that ${product} signs. Nothing secret is copied anywhere.`,
      },
      keys: {
        title: "Paste the keys of a connected app",
        text: () => "You create the app in Tableau, under Settings, Connected Apps, Direct Trust.",
      },
      createApp: {
        title: "Let the app be created",
        text: () => "With a personal access token of yours, which is used once and not kept.",
      },
    },
    issuer: "Issuer URL",
    issuerHelp:
      "In Tableau: Settings, Connected Apps, New Connected App, OAuth 2.0 Trust. Paste this as the issuer URL, and switch the app on.",
    issuerWarning: (product: string) =>
      `Tableau takes https addresses only, and this is none. Tell ${product}, or choose another way.`,
    copyIssuer: "Copy the issuer URL",
    issuerToken:
      "Or have it registered, with a token of yours that is used once and not kept. Leave both empty if you have registered it.",
    fields: {
      clientId: "Client ID",
      secretId: "Secret ID",
      secretValue: "Secret value",
      tokenName: "Token name",
      tokenSecret: "Token secret",
    },
    start: "Set up",
    working: "Signing in as you to try it…",
    refused: "Nothing was set up",
    own: "Connect only myself",
    back: "Back",
    tried: "Before anything is kept, it is tried by signing in as you.",
  },

  organisation: {
    title: (integration: string, organisation: string) => `${integration} is set up for ${organisation}`,
    brokenTitle: (integration: string, organisation: string) =>
      `${integration} needs to be set up again for ${organisation}`,
    colleagues: (organisation: string) =>
      `Everyone of ${organisation} can connect as themselves, with nothing to type.`,
    link: (integration: string, organisation: string) => `${integration} for everyone of ${organisation}`,
    by: "Set up by",
    kind: { issuer: "Without a secret", connectedApp: "Connected app", uat: "Unified access token" },
    renew: "Set up again",
    remove: "Remove",
    next: "Continue",
    removeTitle: (organisation: string) => `Remove it for everyone of ${organisation}?`,
    removeMeans: (product: string) =>
      `${product} can no longer sign anyone in by it, and what it does for them in Tableau stops.`,
    removeThere: "The app or issuer at Tableau stays until you delete it there, under Settings, Connected Apps.",
    confirm: "Remove for everyone",
    removing: "Removing…",
    keep: "Keep it",
    removeRefused: "Could not remove it",
  },

  guide: {
    title: "Where the token is",
    noSection: "I see no token section",
    noSectionWhy: "Your site’s administrator has not switched tokens on. Send them this:",
    request: (product: string, site: string | null, host: string | null) =>
      [
        `I would like to connect ${product} to our Tableau${site ? ` site “${site}”` : ""}${host ? ` (${host})` : ""}.`,
        "For that I need a personal access token, but my account settings have no section for them.",
        "Could you switch them on for me? In Tableau: Settings, General, Personal Access Tokens.",
        "A token can do no more than I can, and I can revoke it any time.",
      ].join("\n"),
    copyRequest: "Copy the text",
    open: "Open Tableau",
    steps: [
      {
        title: "Open your account settings",
        text: "In Tableau, choose your picture or initials at the top right, then My Account Settings.",
      },
      {
        title: "Create a token",
        text: "Under Personal Access Tokens, type a name and create the token. Make one for this connection alone: a token that is used in two places keeps signing the other out.",
      },
      {
        title: "Copy the name and the secret",
        text: "Tableau shows the secret once. Paste both here before you close that window.",
      },
    ],
    back: "Back to the form",
  },

  faults: {
    requestId: "Request",
    copyDetails: "Copy details",
    title: "Could not connect",
    disconnectTitle: "Could not disconnect",
    loadTitle: "Could not open this page",
    offline: { message: "The server could not be reached.", action: "Check your connection, then try again." },
    unclear: { message: "The server’s answer could not be read.", action: "Try again in a moment." },
    signedOut: { message: "Your session in this product has ended.", action: "Reload the page, then try again." },
    silent: { message: "The page around this form did not answer.", action: "Reload the page, then try again." },
    unsettled: { message: "The sign-in did not finish.", action: "Try again." },
  },
};

export type Strings = typeof english;

/** The words in the first of these languages that there is. `languages` as in `navigator.languages`. */
export function stringsFor(languages: readonly string[]): Strings {
  const known: Record<string, Strings> = { en: english };
  for (const language of languages) {
    const strings = known[language.toLowerCase().split("-")[0] ?? ""];
    if (strings) return strings;
  }
  return english;
}
