import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { newVisitor, openBrowser, type Visitor } from "./browser.ts";
import { embeddings, hostsOf, personWith } from "./origins.ts";
import { connectBy, METHODS, portalFrame, siteAddress } from "./portal.ts";
import { newProject, type Project } from "./project.ts";
import { type Sdk, sdkOf } from "./sdk.ts";

const instance = inject("easel");
const person = personWith("SiteAdministratorCreator");
const { url: serverUrl, site } = instance.sandbox;

/** What InstallFlow asks for, by account type. `attempt` differs each time: equal answers within 5 s the SDK drops. */
const answers = {
  connectedApp: {},
  pat: { serverUrl, site: site.contentUrl, tokenName: person.pat.name, tokenSecret: person.pat.secret },
  password: { serverUrl: siteAddress(instance), username: person.name, password: person.password },
};
const PROJECTS = { projects: { project: expect.any(Array) } };

let browser: Browser;
let project: Project;
let visitor: Visitor;
let sdk: Sdk;
beforeAll(async () => {
  [browser, project] = await Promise.all([openBrowser(), newProject(instance)]);
});
afterAll(() => browser.close());

describe.each(embeddings)("$where", ({ page: address }) => {
  beforeEach(async () => {
    visitor = await newVisitor(browser);
    await visitor.page.goto(address);
    sdk = await sdkOf(visitor.page);
    await sdk.authenticate(project.id, await project.token({ "tableau.username": person.name }));
  });
  afterEach(async () => {
    expect(visitor.hosts()).toEqual(hostsOf(address));
    await visitor.leave();
  });

  test.each(METHODS)("InstallFlow connects by %s without the portal", async (method) => {
    expect(await sdk.installFlow(method, { ...answers[method], attempt: crypto.randomUUID() })).toEqual({ kind: "ok" });
    expect(await sdk.request("/projects")).toMatchObject(PROJECTS);
    expect((await sdk.user()).integrations?.tableau).toMatchObject({ enabled: true, credentialStatus: "VALID" });
    await sdk.uninstall();
    expect(await sdk.events()).toEqual(["onIntegrationInstall", "onIntegrationUninstall"]);
    expect((await sdk.user()).integrations?.tableau).toMatchObject({ enabled: false, allCredentials: [] });
    expect(await portalFrame(visitor.page).isVisible()).toBe(false);
  });

  test("InstallFlow says why a sign-in was refused, and the next try connects", async () => {
    visitor.expectError(/status of 4\d\d/);
    const wrong = { ...answers.pat, tokenSecret: "wrong", attempt: crypto.randomUUID() };
    const refused = await sdk.installFlow("pat", wrong);
    if (refused.kind === "ok") throw new Error("A wrong secret has connected.");
    expect(JSON.parse(refused.message)).toMatchObject({ code: "tableau_sign_in_refused", action: expect.any(String) });
    expect((await sdk.user()).authenticated).toBe(true);
    expect(await sdk.installFlow("pat", { ...answers.pat, attempt: crypto.randomUUID() })).toEqual({ kind: "ok" });
  });

  test("installIntegration opens Easel's own form in a window, and learns what came of it", async () => {
    const opening = visitor.context.waitForEvent("page");
    await sdk.installHeadless();
    const form = await opening;
    await form.waitForURL(`${instance.origin}/ui/hosted/*`);
    await form.getByRole("heading", { name: "Connect your Tableau account" }).waitFor();
    expect(form.url()).not.toContain("eyJ");
    const closed = form.waitForEvent("close");
    await connectBy("pat", form, { instance, person });
    await closed;
    expect(await sdk.connected()).toEqual({ kind: "ok" });
    expect(await sdk.events()).toEqual(["onIntegrationInstall"]);
    expect(await sdk.request("/jobs")).toMatchObject({ backgroundJobs: expect.any(Object) });
  });
});
