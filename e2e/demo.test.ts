import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { newVisitor, openBrowser, type Visitor } from "./browser.ts";
import { looksRight } from "./looks.ts";
import { personWith } from "./origins.ts";
import { connectBy, portalFrame, portalIn } from "./portal.ts";

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
