import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { newVisitor, openBrowser, type Visitor } from "./browser.ts";
import { easel } from "./easel.ts";
import { looksRight } from "./looks.ts";
import { productPage } from "./origins.ts";
import { newProject } from "./project.ts";
import { sdkOf } from "./sdk.ts";

const instance = inject("easel");

let browser: Browser;
let visitor: Visitor;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  visitor = await newVisitor(browser);
});
afterEach(() => visitor.leave());

test("the front door leads to the demo", async () => {
  const { page } = visitor;
  await page.goto(instance.origin);
  await looksRight(page, "front-door");
  await page.getByRole("link", { name: "Open the demo" }).click();
  await page.getByRole("heading", { name: "Sign in to Acme" }).waitFor();
});

test("the first-run link hands over a key once, and then says what to do", async () => {
  const { page } = visitor;
  const { url } = JSON.parse(await easel(instance, "invite", "--json"));
  // The CLI knows the port of the environment that it is called in; a person's is the one they started Easel with.
  const link = new URL(new URL(url).pathname, instance.origin).href;
  await page.goto(link);
  await looksRight(page, "first-run");
  await page.getByRole("button").click();
  await page.getByRole("heading").first().waitFor();
  await looksRight(page, "first-run-done");
  visitor.expectError(/404 \(Not Found\)/);
  await page.goto(link);
  await looksRight(page, "first-run-used");
});

test("a hosted form whose code is spent says to go back to the product", async () => {
  const { page } = visitor;
  visitor.expectError(/404 \(Not Found\)/);
  await page.goto(`${instance.origin}/ui/hosted/not-a-code`);
  await page.getByText("This link has been used or is older than ten minutes.").waitFor();
  await looksRight(page, "hosted-unknown");
});

test("a token of another project, and one that has ended, sign nobody in", async () => {
  const { page } = visitor;
  const [project, other] = await Promise.all([newProject(instance), newProject(instance)]);
  await page.goto(productPage());
  const sdk = await sdkOf(page);
  visitor.expectError(/401 \(Unauthorized\)/);
  const foreign = await other.token({ aud: `useparagon.com/${project.id}` });
  await expect(sdk.authenticate(project.id, foreign)).rejects.toThrow(/user_token_signature/);
  const ended = await project.token({ exp: Math.floor(Date.now() / 1000) - 10 });
  await expect(sdk.authenticate(project.id, ended)).rejects.toThrow(/expired/);
  expect((await sdk.user()).authenticated).toBe(false);
});
