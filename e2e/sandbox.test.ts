import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { newVisitor, openBrowser, type Visitor } from "./browser.ts";
import { looksRight } from "./looks.ts";

const { sandbox } = inject("easel");

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

test("the sandbox shows its site, its content with pictures, and the way to them", async () => {
  const { page } = visitor;
  await page.goto(sandbox.url);
  await page.getByRole("heading", { name: "Acme Analytics" }).waitFor();
  await looksRight(page, "sandbox-overview");
  await page.getByRole("link", { name: "Content", exact: true }).click();
  await looksRight(page, "sandbox-content");
  await page.getByRole("link", { name: "Executive", exact: true }).click();
  await looksRight(page, "sandbox-project");
  await page.getByRole("link", { name: "Weekly Business Review", exact: true }).click();
  const pictures = page.locator(".pictures img");
  await pictures.first().scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector<HTMLImageElement>(".pictures img")?.naturalWidth === 600);
  await looksRight(page, "sandbox-workbook");
  await pictures.first().click();
  await page.waitForFunction(
    () => (document.querySelector<HTMLImageElement>("img.picture")?.naturalWidth ?? 0) >= 1600,
  );
  await looksRight(page, "sandbox-view");
});

test("data sources and flows lead to each other, and to the workbooks that draw from them", async () => {
  const { page } = visitor;
  await page.goto(`${sandbox.url}/site/acme/projects`);
  await page.getByRole("link", { name: "Quality", exact: true }).click();
  await page.getByRole("row").filter({ hasText: "Data source" }).getByRole("link", { name: "Quality Cases" }).click();
  await page.getByRole("heading", { name: "Quality Cases" }).waitFor();
  await page.getByRole("row").filter({ hasText: "postgres.acme.example" }).first().waitFor();
  await page
    .getByRole("row")
    .filter({ hasText: "Why the customer sent the order back." })
    .getByText("string")
    .waitFor();
  await looksRight(page, "sandbox-datasource");
  const address = page.url();
  await page.getByRole("region", { name: "Used by" }).getByRole("link", { name: "Quality Cases" }).click();
  await page.getByRole("region", { name: "Connections" }).getByRole("link", { name: "Quality Cases" }).click();
  await page.waitForURL(address);
  await page.getByRole("link", { name: "Complaint Coding" }).click();
  await page.getByRole("heading", { name: "Complaint Coding" }).waitFor();
  await looksRight(page, "sandbox-flow");
  await page.getByRole("region", { name: "Writes" }).getByRole("link", { name: "Quality Cases" }).click();
  await page.waitForURL(address);
});

test("the address that Tableau gives browsers for a workbook leads to it", async () => {
  const { page } = visitor;
  await page.goto(`${sandbox.url}/#/site/acme/workbooks/1000/views`);
  await page.waitForURL(`${sandbox.url}/site/acme/workbooks/1000/views`);
  await page.getByRole("heading", { name: "Superstore" }).first().waitFor();
});

test("a call, and the job that it starts, are seen while one looks", async () => {
  const { page } = visitor;
  const call = await signIn();
  await page.goto(`${sandbox.url}/site/acme/calls`);
  const { datasources } = await call("GET", "/datasources?filter=name:eq:Budget");
  const refused = page.getByText("/datasources?filter=nothing:eq:1").first();
  await call("GET", "/datasources?filter=nothing:eq:1");
  await refused.waitFor();
  await looksRight(page, "sandbox-calls");
  await page.goto(`${sandbox.url}/site/acme/jobs`);
  const { job } = await call("POST", `/datasources/${datasources.datasource[0].id}/refresh`);
  const row = page.getByRole("row").filter({ hasText: job.id });
  await row.getByText("Pending").or(row.getByText("In progress")).waitFor();
  await row.getByText("Success").waitFor();
  await looksRight(page, "sandbox-jobs");
});

test("a webhook and what was sent to it are seen, markup in its name as text", async () => {
  const { page } = visitor;
  const call = await signIn();
  await page.goto(`${sandbox.url}/site/acme/webhooks`);
  const destination = { "webhook-destination-http": { method: "POST", url: "http://127.0.0.1:9009/nobody" } };
  const name = '<img src="x" onerror="alert(1)">';
  const { webhook } = await call("POST", "/webhooks", {
    webhook: { name, event: "DatasourceRefreshStarted", "webhook-destination": destination },
  });
  const { datasources } = await call("GET", "/datasources?filter=name:eq:Suppliers");
  await call("POST", `/datasources/${datasources.datasource[0].id}/refresh`);
  await page.getByText(name).first().waitFor();
  await page.getByText("Waiting").first().waitFor();
  await looksRight(page, "sandbox-webhooks");
  await call("DELETE", `/webhooks/${webhook.id}`);
});

test("people are listed page by page, and what is not there says so", async () => {
  const { page } = visitor;
  await page.goto(`${sandbox.url}/site/acme/people`);
  await page.getByText("1 to 50 of").waitFor();
  await looksRight(page, "sandbox-people");
  await page.getByRole("link", { name: "Later", exact: true }).click();
  await page.getByText("51 to 100 of").waitFor();
  visitor.expectError(/404 \(Not Found\)/);
  await page.goto(`${sandbox.url}/site/acme/workbooks/1`);
  await page.getByRole("heading", { name: "Not here" }).waitFor();
  expect(page.url()).toContain("/workbooks/1");
});

/** Signed in at the sandbox as its administrator; answers are JSON, and none where there is no body. */
async function signIn() {
  const headers = { accept: "application/json", "content-type": "application/json" };
  const [administrator] = sandbox.users;
  const credentials = { name: administrator?.name, password: administrator?.password, site: sandbox.site };
  const body = JSON.stringify({ credentials });
  const answer = await fetch(`${sandbox.url}/api/3.27/auth/signin`, { method: "POST", headers, body });
  const { token, site } = (await answer.json()).credentials;
  return async (method: string, path: string, content?: object) => {
    const response = await fetch(`${sandbox.url}/api/3.27/sites/${site.id}${path}`, {
      method,
      headers: { ...headers, "x-tableau-auth": token },
      ...(content === undefined ? {} : { body: JSON.stringify(content) }),
    });
    const text = await response.text();
    return text === "" ? undefined : JSON.parse(text);
  };
}
