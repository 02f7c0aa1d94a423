import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { newVisitor, openBrowser, type Visitor } from "./browser.ts";
import { originOf, productPage } from "./origins.ts";
import { portalFrame, portalIn } from "./portal.ts";
import { newProject, type Project } from "./project.ts";
import { sdkOf } from "./sdk.ts";

const instance = inject("easel");
const allowed = originOf("allowed");

let browser: Browser;
let project: Project;
let visitor: Visitor;
let page: Page;
beforeAll(async () => {
  [browser, project] = await Promise.all([openBrowser(), newProject(instance)]);
  await project.manage("PUT", "/allowed-origins", { origins: [allowed] });
});
afterAll(() => browser.close());
beforeEach(async () => {
  visitor = await newVisitor(browser);
  ({ page } = visitor);
});
afterEach(() => visitor.leave());

test("a page of an allowed origin connects, and a page of any other gets nothing", async () => {
  await page.goto(productPage("allowed"));
  const sdk = await sdkOf(page);
  await sdk.authenticate(project.id, await project.token());
  await sdk.connect();
  await portalIn(page).getByRole("heading", { name: "Connect your Tableau account" }).waitFor();

  visitor.expectError(/blocked by CORS policy|net::ERR_FAILED|Failed to fetch|403 \(Forbidden\)/);
  await page.goto(productPage("stranger"));
  const stranger = await sdkOf(page);
  await expect(stranger.authenticate(project.id, await project.token())).rejects.toThrow(/Failed to fetch/);
  expect((await stranger.user()).authenticated).toBe(false);
});

test("the portal stays closed in a page of another origin that speaks to it with a good token", async () => {
  visitor.expectError(/the Connect Portal stays closed in http:\/\/stranger\.localhost|403 \(Forbidden\)/);
  await page.goto(`${originOf("stranger")}/frame?src=${encodeURIComponent(`${instance.origin}/ui`)}`);
  const said = page.waitForEvent("console", (message) => message.text().includes("stays closed"));
  await page.locator("iframe").contentFrame().locator("#portal").waitFor({ state: "attached" });
  await speakToFrame(page, await project.token());
  await said;
  expect(await page.locator("iframe").contentFrame().locator("#portal").innerHTML()).toBe("");
});

test("bare /ui is inert until the page around it speaks", async () => {
  await page.goto(`${allowed}/frame?src=${encodeURIComponent(`${instance.origin}/ui`)}`);
  const inside = page.locator("iframe").contentFrame();
  await inside.locator("#portal").waitFor({ state: "attached" });
  await page.waitForLoadState("networkidle");
  expect(await inside.locator("#portal").innerHTML()).toBe("");
  expect(visitor.hosts()).toEqual([new URL(allowed).host, new URL(instance.origin).host].sort());
});

test("a message of another frame than the parent changes nothing in the portal", async () => {
  await page.goto(productPage("allowed"));
  const sdk = await sdkOf(page);
  await sdk.authenticate(project.id, await project.token());
  await page.waitForFunction(() => document.querySelector("iframe")?.contentWindow !== null);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  // A frame of another origin, as an advertisement would be, that knows a good token and writes to the portal.
  await page.evaluate(
    (src) => {
      const frame = document.createElement("iframe");
      frame.id = "foreign";
      frame.src = src;
      document.body.append(frame);
    },
    `${originOf("foreign")}/frame?src=about:blank`,
  );
  const foreign = await (await page.waitForSelector("#foreign")).contentFrame();
  if (foreign === null) throw new Error("The foreign frame has no document.");
  await foreign.waitForLoadState();
  const token = await project.token();
  await foreign.evaluate((message) => window.parent.frames[0]?.postMessage(message, "*"), update(token));
  // The answer to a message of the parent, which comes after it, shows that the first one has been heard.
  await sdk.connect();
  await portalIn(page).getByRole("heading", { name: "Connect your Tableau account" }).waitFor();
  expect(asked.filter((url) => url.endsWith("/sdk/portal"))).toHaveLength(1);
});

test("/ui with a project can be framed by that project's pages only", async () => {
  const framed = encodeURIComponent(`${instance.origin}/ui?projectId=${project.id}`);
  await page.goto(`${allowed}/frame?src=${framed}`);
  await page.locator("iframe").contentFrame().locator("#portal").waitFor({ state: "attached" });

  visitor.expectError(/frame-ancestors|ERR_BLOCKED_BY_RESPONSE/);
  const blocked = page.waitForEvent("requestfailed", (request) => request.url().includes("/ui?projectId="));
  await page.goto(`${originOf("stranger")}/frame?src=${framed}`);
  await blocked;
  expect(await page.locator("iframe").contentFrame().locator("#portal").count()).toBe(0);
  expect(await portalFrame(page).count()).toBe(0);
});

/** What the SDK says to the portal when a product calls `connect`. */
function update(token: string): object {
  return {
    messageType: "UI_UPDATE",
    nextContext: {
      projectId: project.id,
      user: { authenticated: true, token, userId: "user" },
    },
    nextModalState: { integration: { type: "tableau", needPreOauthInputs: true }, apiInstallationOptions: {} },
  };
}

async function speakToFrame(around: Page, token: string): Promise<void> {
  await around.evaluate(
    (message) => document.querySelector("iframe")?.contentWindow?.postMessage(message, "*"),
    update(token),
  );
}
