import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, FrameLocator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { newVisitor, openBrowser, type Visitor } from "./browser.ts";
import { looksRight } from "./looks.ts";
import { personWith } from "./origins.ts";
import { portalIn, siteAddress } from "./portal.ts";
import { newProject, type Project } from "./project.ts";
import { type Sdk, sdkOf } from "./sdk.ts";

const instance = inject("easel");
const administrator = personWith("SiteAdministratorCreator");
const colleague = personWith("Explorer");

let browser: Browser;
let project: Project;
let visitor: Visitor;
let sdk: Sdk;
let portal: FrameLocator;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  project = await newProject(instance, "Initech");
  visitor = await newVisitor(browser);
  visitor.expectError(/the server responded with a status of 422/);
  await visitor.page.goto(instance.demoOrigin);
  sdk = await sdkOf(visitor.page);
  portal = portalIn(visitor.page);
});
afterEach(() => visitor.leave());

const admin = { org: "Globex", "tableau.admin": true, "tableau.username": administrator.name, name: "Ana Reyes" };

async function openAs(claims: Record<string, unknown>): Promise<void> {
  await sdk.authenticate(project.id, await project.token(claims));
  await sdk.connect();
}

/** The sandbox's connected app, as its administrator would copy it out of Tableau. */
async function appKeys(): Promise<{ clientId: string; secretId: string; secretValue: string }> {
  return JSON.parse(await readFile(join(instance.dataDirectory, "sandbox", "secrets.json"), "utf8")).connectedApp;
}

const heading = (name: string) => portal.getByRole("heading", { name });

/** A colleague, in a visit of their own, connects with nothing to type. */
async function colleagueConnects(): Promise<void> {
  const other = await newVisitor(browser);
  await other.page.goto(instance.demoOrigin);
  const theirs = await sdkOf(other.page);
  await theirs.authenticate(project.id, await project.token({ org: "Globex", "tableau.username": colleague.name }));
  await theirs.connect();
  await portalIn(other.page)
    .getByRole("button", { name: `Connect as ${colleague.name}` })
    .click();
  await portalIn(other.page).getByRole("heading", { name: "Tableau is connected" }).waitFor();
  await other.leave();
}

test("an administrator pastes a connected app's keys, with the keyboard, and colleagues type nothing", {
  timeout: 180_000,
}, async () => {
  const { keyboard } = visitor.page;
  const keys = await appKeys();
  await openAs(admin);
  await heading("Set Tableau up for Globex").waitFor();
  await looksRight(visitor.page, "setup-issuer");
  await portal.getByLabel("Address of your Tableau site").focus();
  await keyboard.insertText(siteAddress(instance));
  await keyboard.press("Tab");
  await keyboard.press("ArrowDown");
  await portal.getByLabel("Client ID").waitFor();
  await looksRight(visitor.page, "setup-keys");
  await keyboard.press("Enter");
  await portal.getByText("Client ID is empty.").waitFor();
  await portal.getByLabel("Client ID").fill(keys.clientId);
  await portal.getByLabel("Secret ID").fill(keys.secretId);
  await portal.getByLabel("Secret value", { exact: true }).fill("wrong");
  await keyboard.press("Enter");
  await portal.getByText("Nothing was set up").waitFor();
  await looksRight(visitor.page, "setup-refused");
  await portal.getByLabel("Secret value", { exact: true }).fill(keys.secretValue);
  await keyboard.press("Enter");
  await heading("Tableau is set up for Globex").waitFor();
  await portal.getByText("Ana Reyes").waitFor();
  await looksRight(visitor.page, "organisation");
  await colleagueConnects();

  await portal.getByRole("button", { name: "Remove", exact: true }).click();
  await heading("Remove it for everyone of Globex?").waitFor();
  await looksRight(visitor.page, "organisation-remove");
  await keyboard.press("Escape");
  await heading("Tableau is set up for Globex").waitFor();
  await portal.getByRole("button", { name: "Continue" }).click();
  await portal.getByRole("button", { name: `Connect as ${administrator.name}` }).waitFor();
  await looksRight(visitor.page, "organisation-connect");
  await portal.getByRole("button", { name: "Tableau for everyone of Globex" }).click();
  await portal.getByRole("button", { name: "Remove", exact: true }).click();
  await portal.getByRole("button", { name: "Remove for everyone" }).click();
  await heading("Set Tableau up for Globex").waitFor();
});

test("an administrator lets Easel be the issuer, and no secret is copied", { timeout: 120_000 }, async () => {
  await openAs(admin);
  await portal.getByLabel("Address of your Tableau site").fill(siteAddress(instance));
  await portal.getByRole("button", { name: "Set up", exact: true }).click();
  await portal.getByText("is not registered at the site").waitFor();
  await portal.getByLabel("Token name").fill(administrator.pat.name);
  await portal.getByLabel("Token secret", { exact: true }).fill(administrator.pat.secret);
  await portal.getByRole("button", { name: "Set up", exact: true }).click();
  await heading("Tableau is set up for Globex").waitFor();
  expect(await portal.getByText("Without a secret").count()).toBe(1);
  await colleagueConnects();
});

test("nobody else is shown what an administrator sets up", async () => {
  await openAs({ org: "Globex", "tableau.username": colleague.name });
  await heading("Connect your Tableau account").waitFor();
  expect(await portal.getByText("Globex").count()).toBe(0);
});
