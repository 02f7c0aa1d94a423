import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { newVisitor, openBrowser, type Visitor } from "./browser.ts";
import { embeddings, hostsOf, personWith } from "./origins.ts";
import { connectBy, METHODS, portalFrame, portalIn } from "./portal.ts";
import { newProject, type Project } from "./project.ts";
import { type Sdk, sdkOf } from "./sdk.ts";

const instance = inject("easel");
const person = personWith("SiteAdministratorCreator");

let browser: Browser;
let project: Project;
let visitor: Visitor;
let sdk: Sdk;
beforeAll(async () => {
  [browser, project] = await Promise.all([openBrowser(), newProject(instance)]);
});
afterAll(() => browser.close());
beforeEach(async () => {
  visitor = await newVisitor(browser);
});
afterEach(() => visitor.leave());

describe.each(embeddings)("$where", ({ page: address }) => {
  beforeEach(async () => {
    await visitor.page.goto(address);
    sdk = await sdkOf(visitor.page);
  });

  test.each(METHODS)("somebody connects by %s in the portal, asks Tableau, and disconnects", async (method) => {
    const { page } = visitor;
    const portal = portalIn(page);
    await sdk.authenticate(
      project.id,
      await project.token({ sub: `somebody-${method}-${address}`, "tableau.username": person.name }),
    );
    expect(await sdk.user()).toMatchObject({
      authenticated: true,
      userId: `somebody-${method}-${address}`,
      integrations: { tableau: { enabled: false, allCredentials: [] } },
    });
    expect(await sdk.metadata()).toEqual([
      expect.objectContaining({
        type: "tableau",
        name: "Tableau",
        icon: `${instance.origin}/integrations/tableau.svg`,
      }),
    ]);

    await sdk.connect();
    await connectBy(method, portal, { instance, person });
    await portal.getByRole("heading", { name: "Tableau is connected" }).waitFor();
    expect(await sdk.connected()).toEqual({ kind: "ok" });
    await portal.getByText(person.name).waitFor();
    await portal.getByRole("button", { name: "Done" }).click();
    await portalFrame(page).waitFor({ state: "hidden" });
    expect(await sdk.events()).toEqual(["onPortalOpen", "onInstall tableau", "onIntegrationInstall", "onPortalClose"]);
    expect((await sdk.user()).integrations?.tableau).toMatchObject({ enabled: true, credentialStatus: "VALID" });

    const projects = await sdk.request("/projects");
    expect(projects).toMatchObject({
      projects: { project: expect.arrayContaining([expect.objectContaining({ name: "Sales" })]) },
    });
    const jobs = await sdk.request("/jobs");
    expect(jobs).toMatchObject({
      backgroundJobs: { backgroundJob: expect.arrayContaining([expect.objectContaining({ id: expect.any(String) })]) },
    });

    // Of equal calls at once that name their method, the SDK lets only the first read the answer; without it, all do.
    const both = await page.evaluate(() =>
      Promise.all([1, 2].map(() => window.paragon.request<unknown>("tableau", "/projects", {}))),
    );
    expect(both).toEqual([projects, projects]);

    await sdk.connect();
    await portal.getByRole("button", { name: "Disconnect" }).click();
    await portal.getByRole("heading", { name: "Disconnect Tableau?" }).waitFor();
    await portal.getByRole("button", { name: "Disconnect" }).click();
    await portal.getByText("Tableau is disconnected.").waitFor();
    await page.waitForFunction(() => window.seen.events.includes("onIntegrationUninstall"));
    expect((await sdk.user()).integrations?.tableau).toMatchObject({ enabled: false, allCredentials: [] });
    expect(visitor.hosts()).toEqual(hostsOf(address));
  });
});
