import type { Generation } from "../../site/generation.ts";
import { luidOf } from "../../site/random.ts";
import type { ChooseSchedule } from "../schedules/generate.ts";
import type { Subscription } from "./model.ts";

const usualAmount = 40;

/** Who gets which view or workbook by mail. The site's three people have some each. */
export function generateSubscriptions({ site, scale, random: randomOf }: Generation, choose: ChooseSchedule): void {
  const random = randomOf("subscriptions");
  const users = Array.from(site.users.values()).filter(({ siteRole }) => siteRole !== "Unlicensed");
  const views = Array.from(site.views.values());
  const workbooks = Array.from(site.workbooks.values());
  for (let index = 0; index < usualAmount * scale; index++) {
    const user = users[index < 9 ? index % 3 : random.between(0, users.length - 1)];
    const view = views[random.between(0, views.length - 1)];
    const workbook = workbooks[random.between(0, workbooks.length - 1)];
    if (user === undefined || view === undefined || workbook === undefined) return;
    const conditions = { sendIfViewEmpty: !random.onceIn(4), customViewId: undefined };
    const content: Subscription["content"] = random.onceIn(3)
      ? { type: "Workbook", item: workbook, ...conditions }
      : { type: "View", item: view, ...conditions };
    const attachPdf = random.onceIn(4);
    const id = luidOf(site.contentUrl, "subscription", index);
    site.subscriptions.set(id, {
      id,
      subject: content.item.name,
      message: random.onceIn(2) ? "" : `Here is ${content.item.name}.`,
      attachImage: true,
      attachPdf,
      pageOrientation: attachPdf ? "PORTRAIT" : undefined,
      pageSizeOption: attachPdf ? "A4" : undefined,
      suspended: random.onceIn(10),
      refreshExtractTriggered: false,
      content,
      schedule: choose("Subscription", String(index)),
      user,
    });
  }
}
