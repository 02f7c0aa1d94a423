import { day, type Generation, hour } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import { readerOf } from "../permissions/effective.ts";
import { isTruncation } from "../views/captions.ts";
import type { View } from "../views/model.ts";
import { alertFrequencies, type DataAlert } from "./model.ts";

const usualAmount = 12;

/** From where on a measure is worth a mail, by its caption in the sales table: in steps of a size. */
type Limit = { condition: "above" | "below"; least: number; most: number; step: number; style: "$" | "%" | "" };

const limits: Readonly<Record<string, Limit>> = {
  Sales: { condition: "above", least: 20, most: 60, step: 1000, style: "$" },
  Profit: { condition: "below", least: 0, most: 4, step: 500, style: "$" },
  Quantity: { condition: "above", least: 5, most: 15, step: 100, style: "" },
  Discount: { condition: "above", least: 10, most: 20, step: 0.01, style: "%" },
  Attainment: { condition: "below", least: 85, most: 95, step: 0.01, style: "%" },
  "Order Count": { condition: "above", least: 4, most: 12, step: 10, style: "" },
  "Days to Ship": { condition: "above", least: 4, most: 6, step: 1, style: "" },
  "On-time Rate": { condition: "below", least: 85, most: 92, step: 0.01, style: "%" },
  "Return Rate": { condition: "above", least: 6, most: 9, step: 0.01, style: "%" },
  "Shipping Cost": { condition: "above", least: 4, most: 9, step: 500, style: "$" },
};

export function generateDataAlerts({ site, now, scale, authors, random: randomOf }: Generation): void {
  const random = randomOf("data alerts");
  const watched = Array.from(site.views.values()).flatMap((view) => watchedIn(view) ?? []);
  const users = Array.from(site.users.values()).filter(({ siteRole }) => siteRole !== "Unlicensed");
  // Not everybody may see everything: then something else is tried.
  for (let index = 0; site.dataAlerts.size < usualAmount * scale && index < 2 * usualAmount * scale; index++) {
    const owner = random.pick(authors);
    const { view, measure, limit } = watched[random.between(0, watched.length - 1)] ?? {};
    if (view === undefined || measure === undefined || limit === undefined) return;
    if (!readerOf(owner)(view)) continue;
    const createdAt = now - random.between(5, 300) * day;
    const others = Array.from({ length: random.between(0, 3) }, () => users[random.between(0, users.length - 1)]);
    const readers = others.filter((user) => user !== undefined).filter((user) => readerOf(user)(view));
    const id = luidOf(site.contentUrl, "data alert", index);
    site.dataAlerts.set(id, {
      id,
      ...triggerOf(random, measure, limit),
      frequency: random.pick(alertFrequencies),
      isPublic: random.onceIn(2),
      suspended: random.onceIn(8),
      creator: owner,
      owner,
      view,
      worksheetName: view.name,
      recipients: Array.from(new Set([owner, ...readers]), (user) => ({
        user,
        lastSent: now - random.between(1, 90) * hour,
      })),
      createdAt,
      updatedAt: createdAt,
    });
  }
}

type Watched = { view: View; measure: string; limit: Limit };

/** The measure on a worksheet's axis, if it is one with a limit. */
function watchedIn(view: View): Watched | undefined {
  const { sheet } = view;
  if (sheet.kind !== "worksheet" || sheet.shelves.mark === "textTable") return undefined;
  // Amounts are watched month by month or quarter by quarter, not as they add up.
  const isOverTime = sheet.shelves.columns.some(({ function: applied }) => isTruncation(applied));
  const part = sheet.source !== undefined && "part" in sheet.source ? sheet.source.part : undefined;
  for (const { caption } of [...sheet.shelves.rows, ...sheet.shelves.columns]) {
    const original = part?.fields?.find(([, here]) => here === caption)?.[0] ?? caption;
    const limit = limits[original];
    if (limit !== undefined && (isOverTime || limit.style === "%")) return { view, measure: caption, limit };
  }
  return undefined;
}

/** `Sales above $40,000`. */
function triggerOf(random: Random, measure: string, { condition, least, most, step, style }: Limit) {
  const steps = random.between(least, most);
  const written = style === "%" ? `${steps}%` : `${style}${(steps * step).toLocaleString("en-US")}`;
  const threshold = String(style === "%" ? steps / 100 : steps * step);
  return { subject: `${measure} ${condition} ${written}`, condition, threshold } satisfies Partial<DataAlert>;
}
