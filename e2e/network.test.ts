import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { newVisitor, openBrowser } from "./browser.ts";
import { embeddings, personWith } from "./origins.ts";
import { connectBy, portalIn } from "./portal.ts";
import { newProject } from "./project.ts";
import { sdkOf } from "./sdk.ts";

const instance = inject("easel");
const person = personWith("SiteAdministratorCreator");

test.each(embeddings)(
  "$where, a whole visit looks up no name and opens no connection but to this computer",
  async ({ page: address }) => {
    const folder = await mkdtemp(join(tmpdir(), "easel-netlog-"));
    const log = join(folder, "net.json");
    // Chromium's own log of its network stack: also what no page is told about, such as a preconnect.
    const browser = await openBrowser([`--log-net-log=${log}`, "--net-log-capture-mode=Default"]);
    try {
      const project = await newProject(instance);
      const visitor = await newVisitor(browser);
      await visitor.page.goto(address);
      const sdk = await sdkOf(visitor.page);
      await sdk.authenticate(project.id, await project.token({ "tableau.username": person.name }));
      await sdk.connect();
      await connectBy("connectedApp", portalIn(visitor.page), { instance, person });
      await portalIn(visitor.page).getByRole("button", { name: "Done" }).click();
      await sdk.request("/projects");
      await visitor.leave();
    } finally {
      await browser.close();
    }
    const text = await readFile(log, "utf8");
    await rm(folder, { recursive: true });
    expect(text.includes("useparagon")).toBe(false);
    const names = [...text.matchAll(/"(?:host|url|group_id|origin)":"([^"]+)"/g)].map(([, name = ""]) => name);
    expect(names.filter((name) => name.includes(new URL(instance.origin).host)).length).toBeGreaterThan(3);
    expect(names.filter((name) => !isHere(name) && !isChromiums(name))).toEqual([]);
  },
);

/** Names of this computer, and addresses that no network is asked about. */
function isHere(name: string): boolean {
  return (
    /^(?:[a-z]+\/)?(?:(?:https?|wss?):\/\/)?(?:[\w-]+\.)*(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/ ]|$)/.test(name) ||
    /^(?:data|blob|about|chrome|devtools|chrome-extension):/.test(name)
  );
}

/** What the browser asks for on its own behalf, whatever page is open: its updater and its account menu. */
function isChromiums(name: string): boolean {
  return (
    /^(?:pm\/)?(?:https?:\/\/)?(?:update\.googleapis\.com|accounts\.google\.com)(?=[:/ ]|$)/.test(name) ||
    // What --host-resolver-rules makes of every name that it does not let through.
    name === "https://~notfound"
  );
}
