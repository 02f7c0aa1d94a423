/**
 * Makes the README's pictures from a real Easel: docs/images/{portal,demo}.png and their dark twins.
 *
 *     npm run build && node e2e/screenshots.ts          (Node.js 24; EASEL_CHROMIUM names another browser)
 */
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { openBrowser } from "./browser.ts";
import { startEasel } from "./easel.ts";
import { connectBy, portalFrame, portalIn, siteAddress, typeAddress } from "./portal.ts";

const IMAGES = fileURLToPath(new URL("../docs/images/", import.meta.url));

const SIZE = { width: 1200, height: 800 };

await mkdir(IMAGES, { recursive: true });
const easel = await startEasel();
const browser = await openBrowser();
try {
  for (const colorScheme of ["light", "dark"] as const) {
    const suffix = colorScheme === "dark" ? "-dark" : "";
    const context = await browser.newContext({ viewport: SIZE, colorScheme });
    const page = await context.newPage();
    await takePortal(page, `${IMAGES}portal${suffix}.png`);
    await takeDemo(page, `${IMAGES}demo${suffix}.png`);
    await context.close();
  }
} finally {
  await browser.close();
  await easel.stop();
}

/** The card over the product's page, where a person has pasted the address and is about to type the token. */
async function takePortal(page: Page, path: string): Promise<void> {
  await page.goto(easel.demoOrigin);
  await page.getByRole("button", { name: /^Ana Silva/ }).click();
  await page.getByRole("button", { name: "Connect Tableau" }).click();
  const portal = portalIn(page);
  await typeAddress(portal, siteAddress(easel));
  await portal.getByText(/^Tableau Server /).waitFor();
  await portal.getByLabel("Token name").fill("acme-reports");
  await portal.getByText("Other ways to connect").click();
  await portal.getByLabel("Token secret", { exact: true }).focus();
  await takePicture(page, path);
  await portal.getByRole("button", { name: "Close" }).click();
  await portalFrame(page).waitFor({ state: "hidden" });
}

/** A connected person's projects in the product. */
async function takeDemo(page: Page, path: string): Promise<void> {
  const [person] = easel.sandbox.users;
  if (person === undefined) throw new Error("The sandbox has nobody.");
  await page.getByRole("button", { name: "Connect Tableau" }).click();
  await connectBy("connectedApp", portalIn(page), { instance: easel, person });
  await portalIn(page).getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Run /projects", exact: true }).click();
  await page.getByRole("cell", { name: "Sales", exact: true }).waitFor();
  await page.setViewportSize({ width: 1200, height: 1080 });
  await takePicture(page, path);
  await page.setViewportSize(SIZE);
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("button", { name: "Connect Tableau" }).waitFor();
}

/** With nothing under the pointer, and nothing on its way to another look. */
async function takePicture(page: Page, path: string): Promise<void> {
  await page.mouse.move(0, 0);
  for (const frame of page.frames())
    await frame.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  await page.screenshot({ path });
}
