import type { Generation } from "../../site/generation.ts";
import { luidOf } from "../../site/random.ts";
import { readerOf } from "../permissions/effective.ts";
import type { ChooseSchedule } from "../schedules/generate.ts";
import type { Recurrence } from "../schedules/recurrence.ts";
import type { Subscription } from "./model.ts";

const usualAmount = 40;

/** How a subscription's mail begins, and what it may say, by how often it comes. */
const words: Readonly<Record<Recurrence["frequency"], readonly [prefix: string, message: string]>> = {
  Hourly: ["Update", "As it is now. You get this every few hours."],
  Daily: ["Daily", "Yesterday's numbers are in."],
  Weekly: ["Weekly", "For the meeting at the start of the week."],
  Monthly: ["Monthly", "The month is complete: here is how it went."],
};

/** Who gets which view or workbook by mail. The site's three people have some each. */
export function generateSubscriptions({ site, scale, random: randomOf }: Generation, choose: ChooseSchedule): void {
  const random = randomOf("subscriptions");
  const users = Array.from(site.users.values()).filter(({ siteRole }) => siteRole !== "Unlicensed");
  const views = Array.from(site.views.values());
  const workbooks = Array.from(site.workbooks.values());
  // Not everybody may see everything: then something else is tried.
  for (let index = 0; site.subscriptions.size < usualAmount * scale && index < 2 * usualAmount * scale; index++) {
    const user = users[index < 9 ? index % 3 : random.between(0, users.length - 1)];
    const view = views[random.between(0, views.length - 1)];
    const workbook = workbooks[random.between(0, workbooks.length - 1)];
    if (user === undefined || view === undefined || workbook === undefined) return;
    const schedule = choose("Subscription", String(index));
    const conditions = { sendIfViewEmpty: !random.onceIn(4), customViewId: undefined };
    const content: Subscription["content"] = random.onceIn(3)
      ? { type: "Workbook", item: workbook, ...conditions }
      : { type: "View", item: view, ...conditions };
    if (!readerOf(user)(content.item)) continue;
    const [prefix, message] = words[schedule.recurrence.frequency];
    const attachPdf = random.onceIn(4);
    const id = luidOf(site.contentUrl, "subscription", index);
    site.subscriptions.set(id, {
      id,
      subject: `${prefix}: ${content.item.name}`,
      message: random.onceIn(2) ? "" : message,
      attachImage: true,
      attachPdf,
      pageOrientation: attachPdf ? "PORTRAIT" : undefined,
      pageSizeOption: attachPdf ? "A4" : undefined,
      suspended: random.onceIn(10),
      refreshExtractTriggered: false,
      content,
      schedule,
      user,
    });
  }
}
