import { join } from "node:path";
import { findPostgres } from "@easel/postgres";
import { Client } from "pg";
import type { Browser, FrameLocator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from "vitest";
import { newVisitor, openBrowser, type Visitor } from "./browser.ts";
import { personWith, productPage } from "./origins.ts";
import { chooseMethod, connectBy, portalFrame, portalIn, siteAddress, typeAddress, typeKeys } from "./portal.ts";
import { newProject, type Project } from "./project.ts";
import { type Sdk, sdkOf } from "./sdk.ts";

const instance = inject("easel");
const person = personWith("Explorer");

let browser: Browser;
let project: Project;
let visitor: Visitor;
let sdk: Sdk;
let portal: FrameLocator;
let token: string;
beforeAll(async () => {
  [browser, project] = await Promise.all([openBrowser(), newProject(instance)]);
});
afterAll(() => browser.close());
beforeEach(async () => {
  visitor = await newVisitor(browser);
  await visitor.page.goto(productPage());
  sdk = await sdkOf(visitor.page);
  token = await project.token();
  await sdk.authenticate(project.id, token);
  portal = portalIn(visitor.page);
});
afterEach(() => visitor.leave());

/** Whether this is what the keyboard would reach, in whichever frame. */
const focused = (label: string) =>
  vi.waitFor(async () =>
    expect(await portal.getByLabel(label, { exact: true }).evaluate((field) => document.activeElement === field)).toBe(
      true,
    ),
  );

test("somebody connects, leaves and disconnects with the keyboard alone", async () => {
  const { page } = visitor;
  const { keyboard } = page;
  await page.getByRole("button", { name: "Before" }).focus();
  await sdk.connect();
  await focused("Paste your Tableau address");
  await keyboard.insertText(siteAddress(instance));
  await keyboard.press("Enter");
  await focused("Token name");
  await keyboard.insertText(person.pat.name);
  await keyboard.press("Tab");
  await focused("Token secret");
  await keyboard.insertText(person.pat.secret);
  await keyboard.press("Enter");
  await portal.getByRole("heading", { name: "Tableau is connected" }).waitFor();
  await keyboard.press("Escape");
  await portalFrame(page).waitFor({ state: "hidden" });

  await sdk.connect();
  const disconnect = portal.getByRole("button", { name: "Disconnect" });
  await disconnect.waitFor();
  await tabTo("Disconnect");
  await keyboard.press("Enter");
  await portal.getByRole("heading", { name: "Disconnect Tableau?" }).waitFor();
  // Escape takes back the question, not the card.
  await keyboard.press("Escape");
  await portal.getByRole("heading", { name: "Tableau is connected" }).waitFor();
  await tabTo("Disconnect");
  await keyboard.press("Enter");
  await portal.getByRole("button", { name: "Keep connected" }).waitFor();
  await tabTo("Disconnect");
  await keyboard.press("Enter");
  await portal.getByText("Tableau is disconnected.").waitFor();
});

/** Presses Tab until the button has the keyboard; the card keeps it, so it comes by within one round. */
async function tabTo(name: string): Promise<void> {
  const button = portal.getByRole("button", { name, exact: true });
  for (let presses = 0; presses < 12; presses += 1) {
    if (await button.evaluate((element) => document.activeElement === element)) return;
    await visitor.page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${name}.`);
}

test("Escape closes the card, the page gets the keyboard back, and the address is still known", async () => {
  const { page } = visitor;
  await page.getByRole("button", { name: "Before" }).focus();
  await sdk.connect();
  await typeAddress(portal, siteAddress(instance));
  await focused("Token name");
  await page.keyboard.press("Escape");
  await portalFrame(page).waitFor({ state: "hidden" });
  await vi.waitFor(async () => expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe("IFRAME"));
  expect(await page.evaluate(() => document.body.style.overflow)).not.toBe("hidden");
  expect(await sdk.events()).toEqual(["onPortalOpen", "onPortalClose"]);

  await sdk.connect();
  await portal.getByText(/^Tableau Server /).waitFor();
  expect(await portal.getByLabel("Paste your Tableau address").inputValue()).toBe(siteAddress(instance));
});

test("a reload keeps the connection, and the address of one that was not finished", async () => {
  const { page } = visitor;
  // The demo is of Easel's site. In an iframe of another site Chromium denies the portal its storage where third-party
  // cookies are blocked, as they are in a private window, and in the profiles of these tests.
  await page.goto(instance.demoOrigin);
  sdk = await sdkOf(page);
  await sdk.authenticate(project.id, token);
  const again = async () => {
    await page.reload();
    sdk = await sdkOf(page);
    await sdk.authenticate(project.id, token);
    await sdk.connect();
  };
  await sdk.connect();
  await typeAddress(portal, siteAddress(instance));
  await portal.getByLabel("Token secret", { exact: true }).fill("half");
  await again();
  await portal.getByText(/^Tableau Server /).waitFor();
  expect(await portal.getByLabel("Paste your Tableau address").inputValue()).toBe(siteAddress(instance));
  expect(await portal.getByLabel("Token secret", { exact: true }).inputValue()).toBe("");
  await typeKeys("pat", portal, person);
  await portal.getByRole("button", { name: "Connect", exact: true }).click();
  await portal.getByRole("heading", { name: "Tableau is connected" }).waitFor();
  await again();
  await portal.getByRole("heading", { name: "Tableau is connected" }).waitFor();
  expect(await sdk.request("/projects")).toMatchObject({ projects: expect.any(Object) });
});

test("a token that Tableau no longer takes asks to be reconnected, and is, in its place", async () => {
  // The only test that may use this person's token: it is revoked.
  const viewer = personWith("Viewer");
  visitor.expectError(/the server responded with a status of 4\d\d/);
  await sdk.connect();
  await connectBy("pat", portal, { instance, person: viewer });
  await portal.getByRole("button", { name: "Done" }).click();
  const before = (await sdk.user()).integrations?.tableau?.credentialId;

  await order({ revokePat: viewer.pat.name });
  // Twice refused, a minute apart, is what makes a credential INVALID; here the minute passes in the database.
  await expect(sdk.request("/projects")).rejects.toThrow();
  await inDatabase("update credentials set refused_at = now() - interval '2 minutes' where id = $1", [before]);
  await vi.waitFor(async () => {
    await expect(sdk.request("/projects")).rejects.toThrow();
    await sdk.authenticate(project.id, token);
    expect((await sdk.user()).integrations?.tableau).toMatchObject({ credentialStatus: "INVALID", enabled: false });
  });

  await sdk.connect();
  await portal.getByRole("heading", { name: "Tableau needs to be reconnected" }).waitFor();
  await portal.getByRole("button", { name: "Reconnect" }).click();
  await portal.getByText(/^Tableau Server /).waitFor();
  await chooseMethod(portal, "password");
  await typeKeys("password", portal, viewer);
  await portal.getByRole("button", { name: "Reconnect", exact: true }).click();
  await portal.getByRole("heading", { name: "Tableau is connected" }).waitFor();
  expect((await sdk.user()).integrations?.tableau?.allCredentials).toEqual([
    expect.objectContaining({ id: before, status: "VALID" }),
  ]);
  expect(await sdk.request("/projects")).toMatchObject({ projects: expect.any(Object) });
});

async function order(faults: object): Promise<void> {
  const answer = await fetch(`${instance.sandbox.url}/__sandbox/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(faults),
  });
  expect(answer.status).toBe(200);
}

async function inDatabase(statement: string, values: unknown[]): Promise<void> {
  const postgres = await findPostgres(join(instance.dataDirectory, "postgres"));
  if (postgres === null) throw new Error("The instance has no database.");
  const client = new Client({ connectionString: postgres.url() });
  await client.connect();
  try {
    await client.query(statement, values);
  } finally {
    await client.end();
  }
}
