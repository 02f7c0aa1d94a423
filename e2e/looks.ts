import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import axe from "axe-core";
import type { Frame, Page } from "playwright-core";
import { expect } from "vitest";
import { config } from "./config.ts";

const SCREENS = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
/** Between and beyond those, nothing may break. */
const ODD_WIDTHS = [360, 1600];

/**
 * Looks at a state of the page as it is: on a desk and on a phone, light and dark, axe-core finds nothing, and nothing
 * is wider than the screen. With `EASEL_SCREENSHOTS` it also leaves pictures, `<name>-<screen>-<scheme>.png`.
 */
export async function looksRight(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const [screen, size] of Object.entries(SCREENS)) {
    await page.setViewportSize(size);
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      const frames = await shownFrames(page);
      for (const frame of frames) {
        await settled(frame);
        expect(await violations(frame), `${name}, ${screen}, ${scheme}`).toEqual([]);
        expect(await isTooWide(frame), `${name} is wider than ${size.width} px`).toBe(false);
      }
      await picture(page, `${name}-${screen}-${scheme}`);
    }
  }
  for (const width of ODD_WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    for (const frame of await shownFrames(page))
      expect(await isTooWide(frame), `${name} is wider than ${width} px`).toBe(false);
  }
  await page.emulateMedia({ colorScheme: "light" });
  if (before !== null) await page.setViewportSize(before);
}

/** The page, and the portal where it is open. */
async function shownFrames(page: Page): Promise<Frame[]> {
  const shown = await Promise.all(
    page.frames().map(async (frame) => {
      if (frame === page.mainFrame()) return true;
      return (await frame.frameElement()).isVisible();
    }),
  );
  return page.frames().filter((_, index) => shown[index]);
}

/** Colours that are on their way to others would be measured as what they are not. */
async function settled(frame: Frame): Promise<void> {
  await frame.evaluate(async () => {
    await document.fonts.ready;
    const running = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(running.map((animation) => animation.finished));
  });
}

async function violations(frame: Frame): Promise<string[]> {
  await frame.evaluate(axe.source);
  return frame.evaluate(async () => {
    const { axe: checker } = window as unknown as { axe: typeof import("axe-core") };
    const { violations: found } = await checker.run(document, { iframes: false, resultTypes: ["violations"] });
    return found.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)}`));
  });
}

async function isTooWide(frame: Frame): Promise<boolean> {
  return frame.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
}

async function picture(page: Page, name: string): Promise<void> {
  if (config.screenshots === null) return;
  await mkdir(config.screenshots, { recursive: true });
  await page.screenshot({ path: join(config.screenshots, `${name}.png`) });
}
