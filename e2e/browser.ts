import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { config } from "./config.ts";

/** How long a page may take to do what a test waits for, in ms: two slow cores, with other tests beside it. */
const PATIENCE_MS = 20_000;

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Every other name does not exist: what would leave the machine fails, and shows up among the errors.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
];

export function openBrowser(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: config.chromium, args: [...FLAGS, ...flags], headless: true });
}

/** What the SDK itself says on the console, whatever it is embedded in. Not an error of ours. */
const SDK_NOISE = [
  // Its main entry, loaded in the head: there is no body to put the iframe into yet; it does so later.
  /Root element not defined/,
  // It repeats why Easel refused a sign-in. The portal says it on screen, where the tests look.
  /Failed to connect account to Paragon over OAuth \{/,
];

/** A visitor: a browser profile of their own, whose pages are watched. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** An error that the test brings about, as the console words it. */
  expectError(pattern: RegExp): void;
  /** Errors of the console and of scripts that no test asked for. */
  errors(): string[];
  /** The hosts that pages of this visitor asked anything of, with their ports. */
  hosts(): string[];
  /** Ends the visit. Throws for errors that no test asked for. */
  leave(): Promise<void>;
}

export async function newVisitor(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const errors: string[] = [];
  const expected: RegExp[] = [...SDK_NOISE];
  const hosts = new Set<string>();
  context.on("console", (message) => {
    if (message.type() !== "error") return;
    const { url } = message.location();
    errors.push(`${message.text()}${url === "" ? "" : ` (${url.split("?")[0]})`}`);
  });
  context.on("weberror", (error) => errors.push(String(error.error())));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http")) hosts.add(url.host);
  });
  const unexpected = () => errors.filter((error) => !expected.some((pattern) => pattern.test(error)));
  return {
    context,
    page: await context.newPage(),
    expectError: (pattern) => void expected.push(pattern),
    errors: unexpected,
    hosts: () => [...hosts].sort(),
    leave: async () => {
      await context.close();
      const left = unexpected();
      if (left.length > 0) throw new Error(`The console had errors:\n${left.join("\n")}`);
    },
  };
}
