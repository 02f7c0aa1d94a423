import type { Browser, FrameLocator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { newVisitor, openBrowser, type Visitor } from "./browser.ts";
import { personWith, productPage } from "./origins.ts";
import { chooseMethod, portalIn, siteAddress, typeAddress, typeKeys } from "./portal.ts";
import { newProject, type Project } from "./project.ts";
import { sdkOf } from "./sdk.ts";

const instance = inject("easel");
const elsewhere = inject("elsewhere");
const person = personWith("Explorer");

let browser: Browser;
let project: Project;
let visitor: Visitor;
let portal: FrameLocator;
beforeAll(async () => {
  [browser, project] = await Promise.all([openBrowser(), newProject(instance)]);
});
afterAll(() => browser.close());
beforeEach(async () => {
  visitor = await newVisitor(browser);
  // Chromium itself writes the status of every refused request to the console.
  visitor.expectError(/the server responded with a status of (4\d\d|50[24])/);
  await visitor.page.goto(productPage());
  const sdk = await sdkOf(visitor.page);
  // Without a Tableau user name nobody can be connected by the trust: the card asks for the address.
  await sdk.authenticate(project.id, await project.token());
  await sdk.connect();
  portal = portalIn(visitor.page);
});
afterEach(() => visitor.leave());

/** What is said at a field, and that the field says that it is wrong. */
async function saidAt(label: string): Promise<string | null> {
  const field = portal.getByLabel(label, { exact: true });
  await portal.getByRole("alert").waitFor();
  expect(await field.getAttribute("aria-invalid")).toBe("true");
  const id = await field.getAttribute("aria-describedby");
  return portal.locator(`[id="${id}"]`).textContent();
}

describe("an address", () => {
  test.each([
    ["where nobody answers", elsewhere.nobody, /can't be reached/],
    ["of something that is no Tableau", elsewhere.notTableau, /not.*Tableau/i],
    ["inside a private network", "https://10.0.0.1", /may not|not allowed|private/i],
    ["that is none", "my tableau", /address/i],
  ])("%s is refused in words, at the field", async (_what, address, words) => {
    await typeAddress(portal, address);
    expect(await saidAt("Paste your Tableau address")).toMatch(words);
    await typeAddress(portal, siteAddress(instance));
    await portal.getByText(/^Tableau Server /).waitFor();
  });
});

describe("a sign-in", () => {
  test("with a wrong token names the token, and works once it is mended", async () => {
    await typeAddress(portal, siteAddress(instance));
    await typeKeys("pat", portal, { ...person, pat: { name: person.pat.name, secret: "wrong" } });
    await portal.getByRole("button", { name: "Connect", exact: true }).click();
    await portal.getByRole("alert").waitFor();
    expect(await portal.getByRole("alert").textContent()).toMatch(/token/i);
    expect(await portal.getByLabel("Token name").inputValue()).toBe(person.pat.name);
    await typeKeys("pat", portal, person);
    await portal.getByRole("button", { name: "Connect", exact: true }).click();
    await portal.getByRole("heading", { name: "Tableau is connected" }).waitFor();
  });

  test("with a wrong password says so", async () => {
    await typeAddress(portal, siteAddress(instance));
    await chooseMethod(portal, "password");
    await typeKeys("password", portal, { ...person, password: "wrong" });
    await portal.getByRole("button", { name: "Connect", exact: true }).click();
    await portal.getByRole("alert").waitFor();
    expect(await portal.getByRole("alert").textContent()).toMatch(/user name|password/i);
  });

  test("at a site that is not there says so, and keeps what was typed", async () => {
    await typeAddress(portal, `${instance.sandbox.url}/#/site/elsewhere/home`);
    await chooseMethod(portal, "password");
    await typeKeys("password", portal, person);
    await portal.getByRole("button", { name: "Connect", exact: true }).click();
    await portal.getByRole("alert").waitFor();
    expect(await portal.getByRole("alert").textContent()).toMatch(/site/i);
    expect(await portal.getByLabel("User name").inputValue()).toBe(person.name);
    expect(await portal.getByLabel("Paste your Tableau address").inputValue()).toContain("/site/elsewhere/");
  });

  test("with empty fields says which", async () => {
    await typeAddress(portal, siteAddress(instance));
    await portal.getByRole("button", { name: "Connect", exact: true }).click();
    await portal.getByText("Token name is empty.").waitFor();
    await portal.getByText("Token secret is empty.").waitFor();
  });
});
