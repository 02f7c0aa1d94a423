import { day, type Generation, hour } from "../../site/generation.ts";
import { luidOf } from "../../site/random.ts";
import { alertConditions, alertFrequencies } from "./model.ts";

const usualAmount = 12;

export function generateDataAlerts({ site, now, scale, authors, random: randomOf }: Generation): void {
  const random = randomOf("data alerts");
  const views = Array.from(site.views.values()).filter(({ sheetType }) => sheetType === "worksheet");
  const users = Array.from(site.users.values()).filter(({ siteRole }) => siteRole !== "Unlicensed");
  for (let index = 0; index < usualAmount * scale; index++) {
    const view = views[random.between(0, views.length - 1)];
    if (view === undefined) return;
    const owner = random.pick(authors);
    const createdAt = now - random.between(5, 300) * day;
    const others = Array.from({ length: random.between(0, 3) }, () => users[random.between(0, users.length - 1)]);
    const recipients = new Set([owner, ...others.filter((user) => user !== undefined)]);
    const id = luidOf(site.contentUrl, "data alert", index);
    site.dataAlerts.set(id, {
      id,
      subject: `${view.name} of ${view.workbook.name}`,
      condition: random.pick(alertConditions),
      threshold: String(random.between(1, 90) * 1000),
      frequency: random.pick(alertFrequencies),
      isPublic: random.onceIn(2),
      suspended: random.onceIn(8),
      creator: owner,
      owner,
      view,
      worksheetName: view.name,
      recipients: Array.from(recipients, (user) => ({ user, lastSent: now - random.between(1, 90) * hour })),
      createdAt,
      updatedAt: createdAt,
    });
  }
}
