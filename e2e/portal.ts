import type { FrameLocator, Locator, Page } from "playwright-core";
import type { Instance, Person } from "./easel.ts";

/** Where the portal is: in the page's iframe, or in a window of its own. */
export type PortalRoot = FrameLocator | Page;

export const portalIn = (page: Page): FrameLocator => page.frameLocator("#paragon-connect-frame");

/** The iframe itself; nothing of it shows while the portal is closed. */
export const portalFrame = (page: Page): Locator => page.locator("#paragon-connect-frame");

export type Method = "connectedApp" | "pat" | "password";
export const METHODS: readonly Method[] = ["connectedApp", "pat", "password"];

const TITLES = { pat: "Personal access token", password: "User name and password" };

/** The sandbox's address, as people paste it out of the browser. */
export function siteAddress({ sandbox }: Pick<Instance, "sandbox">): string {
  return `${sandbox.url}/#/site/${sandbox.site.contentUrl}/home`;
}

/** Connects with the card that is open, as a person does who was given this person's keys. */
export async function connectBy(
  method: Method,
  portal: PortalRoot,
  { instance, person }: { instance: Instance; person: Person },
): Promise<void> {
  if (method === "connectedApp") {
    await portal.getByRole("button", { name: `Connect as ${person.name}` }).click();
    return;
  }
  await typeAddress(portal, siteAddress(instance));
  await portal.getByText(/^Tableau Server /).waitFor();
  await chooseMethod(portal, method);
  await typeKeys(method, portal, person);
  await portal.getByRole("button", { name: "Connect", exact: true }).click();
}

/** Looks an address up. With a trust, the form for it is one of the other ways. */
export async function typeAddress(portal: PortalRoot, address: string): Promise<void> {
  const field = portal.getByLabel("Paste your Tableau address");
  const others = portal.getByText("Other ways to connect");
  await field.or(others).first().waitFor();
  if (!(await field.isVisible())) await chooseMethod(portal, "pat");
  await field.fill(address);
  await portal.getByRole("button", { name: "Continue" }).click();
}

/** Takes one of the other ways, where it is not the one on the card already. */
export async function chooseMethod(portal: PortalRoot, method: "pat" | "password"): Promise<void> {
  const firstField = portal.getByLabel(method === "pat" ? "Token name" : "User name");
  const choice = portal.getByRole("button", { name: TITLES[method] });
  const others = portal.getByText("Other ways to connect");
  await firstField.or(others).first().waitFor();
  if (await firstField.isVisible()) return;
  if (!(await choice.isVisible())) await others.click();
  await choice.click();
}

export async function typeKeys(method: "pat" | "password", portal: PortalRoot, person: Person): Promise<void> {
  const { name, password, pat } = person;
  const [first, second] =
    method === "pat"
      ? ([
          ["Token name", pat.name],
          ["Token secret", pat.secret],
        ] as const)
      : ([
          ["User name", name],
          ["Password", password],
        ] as const);
  await portal.getByLabel(first[0]).fill(first[1]);
  await portal.getByLabel(second[0], { exact: true }).fill(second[1]);
}
