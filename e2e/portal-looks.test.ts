import type { Browser, FrameLocator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { newVisitor, openBrowser, type Visitor } from "./browser.ts";
import { looksRight } from "./looks.ts";
import { personWith } from "./origins.ts";
import { chooseMethod, connectBy, portalFrame, portalIn, siteAddress, typeAddress, typeKeys } from "./portal.ts";
import { newProject, type Project } from "./project.ts";
import { type Sdk, sdkOf } from "./sdk.ts";

const instance = inject("easel");
const elsewhere = inject("elsewhere");
const person = personWith("Explorer");

let browser: Browser;
let project: Project;
let visitor: Visitor;
let sdk: Sdk;
let portal: FrameLocator;
beforeAll(async () => {
  [browser, project] = await Promise.all([openBrowser(), newProject(instance)]);
});
afterAll(() => browser.close());
beforeEach(async () => {
  visitor = await newVisitor(browser);
  visitor.expectError(/the server responded with a status of (4\d\d|50[24])/);
  await visitor.page.goto(instance.demoOrigin);
  sdk = await sdkOf(visitor.page);
  portal = portalIn(visitor.page);
});
afterEach(() => visitor.leave());

/** Holds the answers to what a page asks of this address until `go`. */
async function hold(url: RegExp): Promise<{ go(): void }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await visitor.context.route(url, async (route) => {
    await promise;
    await route.continue();
  });
  return { go: resolve };
}

/** Opens and closes the card. From then on the portal knows that the page may embed it, and shows the card at once. */
async function openOnce(): Promise<void> {
  await sdk.connect();
  await portal.getByRole("button", { name: "Close" }).click();
  await portalFrame(visitor.page).waitFor({ state: "hidden" });
}

const connect = () => portal.getByRole("button", { name: "Connect", exact: true }).click();

test("connecting by a trust", { timeout: 120_000 }, async () => {
  const { page } = visitor;
  await sdk.authenticate(project.id, await project.token({ "tableau.username": person.name }));
  await openOnce();
  const loading = await hold(/\/sdk\/portal$/);
  await sdk.connect();
  await portal.getByText("Opening…").waitFor({ state: "attached" });
  await looksRight(page, "portal-loading");
  loading.go();
  await portal.getByRole("button", { name: `Connect as ${person.name}` }).waitFor();
  await looksRight(page, "portal-trust");
  await portal.getByText("Other ways to connect").click();
  await looksRight(page, "portal-trust-other-ways");
  const signingIn = await hold(/\/sdk\/credentials$/);
  await portal
    .getByRole("button", { name: `Connect as ${person.name}` })
    .first()
    .click();
  await portal.getByText("Signing in…").waitFor();
  await looksRight(page, "portal-signing-in");
  signingIn.go();
  await portal.getByRole("heading", { name: "Tableau is connected" }).waitFor();
  await looksRight(page, "portal-connected");
  await portal.getByRole("button", { name: "Disconnect" }).click();
  await portal.getByRole("heading", { name: "Disconnect Tableau?" }).waitFor();
  await looksRight(page, "portal-disconnect");
  await portal.getByRole("button", { name: "Disconnect" }).click();
  await portal.getByText("Tableau is disconnected.").waitFor();
  await looksRight(page, "portal-disconnected");
});

test("connecting with what a person types", { timeout: 120_000 }, async () => {
  const { page } = visitor;
  await sdk.authenticate(project.id, await project.token());
  await sdk.connect();
  await portal.getByLabel("Paste your Tableau address").waitFor();
  await looksRight(page, "portal-address");
  await portal.getByRole("button", { name: "Continue" }).click();
  await portal.getByText("Paste the address that you see").waitFor();
  await looksRight(page, "portal-address-empty");
  await typeAddress(portal, elsewhere.notTableau);
  await portal.getByRole("alert").waitFor();
  await looksRight(page, "portal-address-refused");
  await typeAddress(portal, siteAddress(instance));
  await portal.getByLabel("Token name").waitFor();
  await looksRight(page, "portal-token");
  await connect();
  await portal.getByText("Token name is empty.").waitFor();
  await looksRight(page, "portal-token-empty");
  await portal.getByRole("button", { name: "Where do I find this?" }).click();
  await portal.getByRole("heading", { name: "Where the token is" }).waitFor();
  await looksRight(page, "portal-guide");
  await portal.getByRole("button", { name: "Back to the form" }).click();
  await typeKeys("pat", portal, { ...person, pat: { name: person.pat.name, secret: "wrong" } });
  await connect();
  await portal.getByRole("alert").waitFor();
  await looksRight(page, "portal-token-refused");
  await chooseMethod(portal, "password");
  await looksRight(page, "portal-password");
});

test("the form in a window of its own", { timeout: 60_000 }, async () => {
  await sdk.authenticate(project.id, await project.token({ "tableau.username": person.name }));
  const opening = visitor.context.waitForEvent("page");
  await sdk.installHeadless();
  const form = await opening;
  await form.getByRole("button", { name: `Connect as ${person.name}` }).waitFor();
  await looksRight(form, "hosted-trust");
  const closed = form.waitForEvent("close");
  await connectBy("connectedApp", form, { instance, person });
  await closed;
});

test("the page around the card stays in sight, in the dark too", async () => {
  const { page } = visitor;
  await sdk.authenticate(project.id, await project.token());
  await sdk.connect();
  await portal.getByLabel("Paste your Tableau address").waitFor();
  const logo = { x: 0, y: 0, width: 240, height: 100 };
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    // A PNG of one colour takes some 300 bytes; with Acme's logo, thousands.
    const { length } = await page.screenshot({ clip: logo });
    expect(length, colorScheme).toBeGreaterThan(1_500);
  }
});

test("the portal that could not be loaded", { timeout: 60_000 }, async () => {
  await sdk.authenticate(project.id, await project.token());
  await openOnce();
  visitor.expectError(/net::ERR_FAILED/);
  await visitor.context.route(/\/sdk\/portal$/, (route) => route.abort());
  await sdk.connect();
  await portal.getByRole("heading", { name: "Could not open this page" }).waitFor();
  await looksRight(visitor.page, "portal-failed");
});
