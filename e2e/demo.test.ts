import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { newVisitor, openBrowser, type Visitor } from "./browser.ts";
import { looksRight } from "./looks.ts";
import { personWith } from "./origins.ts";
import { connectBy, METHODS, type Method, portalFrame, portalIn } from "./portal.ts";

const instance = inject("easel");

let browser: Browser;
let visitor: Visitor;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  visitor = await newVisitor(browser);
  ({ page } = visitor);
  await page.goto(instance.demoOrigin);
});
afterEach(async () => {
  const ours = [instance.origin, instance.demoOrigin].map((origin) => new URL(origin).host);
  expect(visitor.hosts().filter((host) => !ours.includes(host))).toEqual([]);
  await visitor.leave();
});

const people = [
  { role: "SiteAdministratorCreator", name: "Ana Silva", method: "connectedApp", seesJobs: true },
  { role: "Explorer", name: "Elif Demir", method: "pat", seesJobs: false },
  { role: "Viewer", name: "Victor Lange", method: "password", seesJobs: false },
] as const;

const status = () => page.getByTestId("connection-status");

async function signIn(name: string): Promise<void> {
  await page.getByRole("button", { name: new RegExp(`^${name}`) }).click();
  await page.getByRole("heading", { name: "Reports" }).waitFor();
}

describe.each(people)("$name, $role", ({ role, name, method, seesJobs }) => {
  test(`connects by ${method}, asks Tableau, and disconnects`, { timeout: 180_000 }, async () => {
    const person = personWith(role);
    const portal = portalIn(page);
    await page.getByRole("heading", { name: "Sign in to Acme" }).waitFor();
    if (seesJobs) await looksRight(page, "demo-sign-in");
    await signIn(name);
    await status().getByText("Not connected.").waitFor();
    if (seesJobs) await looksRight(page, "demo-not-connected");

    await page.getByRole("button", { name: "Connect Tableau" }).click();
    await connectBy(method, portal, { instance, person });
    await portal.getByRole("button", { name: "Done" }).click();
    await portalFrame(page).waitFor({ state: "hidden" });
    await status().getByText("Connected", { exact: true }).waitFor();
    expect(await status().textContent()).toContain(`as ${person.name}, site acme`);
    if (seesJobs) await looksRight(page, "demo-connected");

    await page.getByRole("button", { name: "Run /projects", exact: true }).click();
    await page.getByRole("cell", { name: "Sales", exact: true }).waitFor();
    if (seesJobs) await looksRight(page, "demo-projects-table");
    await page.getByRole("button", { name: "JSON" }).click();
    expect(JSON.parse((await page.getByTestId("answer-json").textContent()) ?? "")).toMatchObject({
      projects: { project: expect.any(Array) },
    });
    if (seesJobs) await looksRight(page, "demo-projects-json");

    if (!seesJobs) visitor.expectError(/403 \(Forbidden\)/);
    await page.getByRole("button", { name: "Run /jobs" }).click();
    if (seesJobs) await page.getByText(/\/jobs.*answered after/).waitFor();
    else {
      // Tableau lets site administrators alone see jobs, and Easel says so.
      await page.getByText(/\/jobs.*failed with 403/).waitFor();
      await page
        .getByRole("alert")
        .getByText(/administrator/i)
        .first()
        .waitFor();
      if (role === "Explorer") await looksRight(page, "demo-jobs-refused");
    }

    await page.reload();
    await status().getByText("Connected", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Disconnect" }).click();
    await status().getByText("Not connected.").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in to Acme" }).waitFor();
  });
});

// In this file because it connects one of the same people: the tests of a file run one after the other.
describe("the developer page", () => {
  const person = personWith("Explorer");
  const { url: serverUrl, site } = instance.sandbox;

  const TITLES: Record<Method, string> = {
    connectedApp: "As myself, with nothing to type",
    pat: "Personal access token",
    password: "User name and password",
  };
  const ANSWERS: Record<Method, Record<string, string>> = {
    connectedApp: {},
    pat: {
      "Tableau address": serverUrl,
      Site: site.contentUrl,
      "Token name": person.pat.name,
      "Token secret": person.pat.secret,
    },
    password: {
      "Tableau address": serverUrl,
      Site: site.contentUrl,
      "User name": person.name,
      Password: person.password,
    },
  };

  beforeEach(async () => {
    await signIn("Elif Demir");
    await page.getByRole("link", { name: "Developer" }).click();
    await page.getByRole("heading", { name: "Developer" }).waitFor();
  });

  async function disconnect(): Promise<void> {
    await page.getByText("Tableau is connected.").waitFor();
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.getByRole("button", { name: "Start the form" }).waitFor();
  }

  test.each(METHODS)("Acme's own form connects by %s, led by InstallFlow", async (method) => {
    const flow = page.getByTestId("install-flow");
    await flow.getByRole("button", { name: "Start the form" }).click();
    await flow.getByRole("button", { name: TITLES[method] }).click();
    for (const [label, value] of Object.entries(ANSWERS[method]))
      await flow.getByLabel(label, { exact: true }).fill(value);
    await flow.getByRole("button", { name: "Connect", exact: true }).click();
    await disconnect();
  });

  test("the window of Easel's own connects, and Acme waits for it", async () => {
    const card = page.getByTestId("popup");
    const opening = visitor.context.waitForEvent("page");
    await card.getByRole("button", { name: "Open the window" }).click();
    const form = await opening;
    await card.getByText("Waiting for you to finish").waitFor();
    await form.getByText("For Elif Demir in Acme").waitFor();
    const closed = form.waitForEvent("close");
    await connectBy("password", form, { instance, person });
    await closed;
    await disconnect();
  });

  test("every state of the developer page looks right", { timeout: 120_000 }, async () => {
    const flow = page.getByTestId("install-flow");
    await flow.getByRole("button", { name: "Start the form" }).waitFor();
    await looksRight(page, "developer");
    expect(await page.getByLabel("Claims of the user token").textContent()).toContain(
      `"tableau.username": "${person.name}"`,
    );
    await flow.getByRole("button", { name: "Start the form" }).click();
    await flow.getByRole("button", { name: TITLES.pat }).waitFor();
    await looksRight(page, "developer-ways");
    await flow.getByRole("button", { name: TITLES.pat }).click();
    await flow.getByLabel("Token name", { exact: true }).waitFor();
    await looksRight(page, "developer-form");
    visitor.expectError(/status of 4\d\d/);
    for (const [label, value] of Object.entries(ANSWERS.pat)) await flow.getByLabel(label, { exact: true }).fill(value);
    await flow.getByLabel("Token secret", { exact: true }).fill("wrong");
    await flow.getByRole("button", { name: "Connect", exact: true }).click();
    await flow.getByRole("alert").waitFor();
    await looksRight(page, "developer-refused");
  });
});
