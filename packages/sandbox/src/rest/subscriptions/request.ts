import type { Site } from "../../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { attribute, element } from "../../wire/request-schema.ts";
import type { World } from "../../world.ts";
import type { Schedule } from "../schedules/model.ts";
import { ownSchedule } from "../schedules/own.ts";
import { readRecurrence, recurrenceShape } from "../schedules/request.ts";
import { findSchedule } from "../schedules/routes.ts";
import type { User } from "../users/model.ts";
import type { Subscription, SubscriptionContent } from "./model.ts";

const scheduleSchema = element({ id: attribute.optional(), ...recurrenceShape }).optional();

/** On Tableau Cloud the schedule stands beside the subscription, on Tableau Server in it; both are taken everywhere. */
export const subscriptionSchema = element({
  subscription: element({
    subject: attribute.optional(),
    message: attribute.optional(),
    attachImage: attribute.optional(),
    attachPdf: attribute.optional(),
    pageOrientation: attribute.optional(),
    pageSizeOption: attribute.optional(),
    suspended: attribute.optional(),
    refreshExtractTriggered: attribute.optional(),
    content: element({
      id: attribute.optional(),
      type: attribute.optional(),
      sendIfViewEmpty: attribute.optional(),
      customViewId: attribute.optional(),
    }).optional(),
    schedule: scheduleSchema,
    user: element({ id: attribute.optional() }).optional(),
  }),
  schedule: scheduleSchema,
});

type ContentRequest = { id?: string; type?: string; sendIfViewEmpty?: string; customViewId?: string };
type Written<Fields> = { [Name in keyof Fields]?: Fields[Name] | undefined };

/** The view or workbook that a request names. */
export function contentAsked(site: Site, request: Written<ContentRequest>): SubscriptionContent | Refusal {
  const { id = "", type = "", customViewId } = request;
  const sendIfViewEmpty = flagAsked("sendIfViewEmpty", request.sendIfViewEmpty, true);
  if (isRefusal(sendIfViewEmpty)) return sendIfViewEmpty;
  switch (type.toLowerCase()) {
    case "view": {
      const item = site.views.get(id.toLowerCase());
      return item
        ? { type: "View", item, sendIfViewEmpty, customViewId }
        : refuse("404011", `There is no view '${id}'.`);
    }
    case "workbook": {
      const item = site.workbooks.get(id.toLowerCase());
      return item
        ? { type: "Workbook", item, sendIfViewEmpty, customViewId }
        : refuse("404006", `There is no workbook '${id}'.`);
    }
    default:
      return refuse("400069", `The content type '${type}' is neither View nor Workbook.`);
  }
}

type ScheduleRequest = Parameters<typeof readRecurrence>[0] & { id?: string | undefined };

/** The schedule that a request names or describes; nothing when it says nothing of one. */
export function scheduleAsked(
  world: World,
  now: number,
  request: ScheduleRequest | undefined,
): Schedule | Refusal | undefined {
  if (request === undefined || (request.id === undefined && request.frequency === undefined)) return undefined;
  if (request.id !== undefined) {
    const schedule = findSchedule(world, request.id);
    if (isRefusal(schedule) || schedule.type === "Subscription") return schedule;
    return refuse("400069", `The schedule '${request.id}' is for ${schedule.type}, not for subscriptions.`);
  }
  const recurrence = readRecurrence(request, world.edition);
  return isRefusal(recurrence) ? recurrence : ownSchedule(recurrence, "Subscription", now);
}

export function userAsked(site: Site, id: string | undefined, otherwise: User): User | Refusal {
  if (id === undefined) return otherwise;
  return site.users.get(id.toLowerCase()) ?? refuse("404002", `There is no user '${id}'.`);
}

type Attachments = Pick<Subscription, "attachImage" | "attachPdf" | "pageOrientation" | "pageSizeOption">;
type AttachmentRequest = Written<Record<keyof Attachments, string>>;

const orientations = ["PORTRAIT", "LANDSCAPE"];
const pageSizes = [
  "A3",
  "A4",
  "A5",
  "B5",
  "EXECUTIVE",
  "FOLIO",
  "LEDGER",
  "LEGAL",
  "LETTER",
  "NOTE",
  "QUARTO",
  "TABLOID",
];

/** What is attached to the mail: a picture, a PDF on some paper, or both. */
export function attachmentsAsked(request: AttachmentRequest, current: Attachments): Attachments | Refusal {
  const attachImage = flagAsked("attachImage", request.attachImage, current.attachImage);
  if (isRefusal(attachImage)) return attachImage;
  const attachPdf = flagAsked("attachPdf", request.attachPdf, current.attachPdf);
  if (isRefusal(attachPdf)) return attachPdf;
  if (!attachImage && !attachPdf) return refuse("400063", "A subscription must attach an image, a PDF or both.");
  const { pageOrientation = current.pageOrientation, pageSizeOption = current.pageSizeOption } = request;
  if (pageOrientation !== undefined && !orientations.includes(pageOrientation.toUpperCase())) {
    return refuse("400063", `The page orientation '${pageOrientation}' is neither PORTRAIT nor LANDSCAPE.`);
  }
  // inferred: `UNSPECIFIED` is a size too, as for PDFs of workbooks.
  if (pageSizeOption !== undefined && ![...pageSizes, "UNSPECIFIED"].includes(pageSizeOption.toUpperCase())) {
    return refuse("400063", `There is no page size '${pageSizeOption}'.`);
  }
  return { attachImage, attachPdf, pageOrientation, pageSizeOption };
}

export function flagAsked(name: string, written: string | undefined, otherwise: boolean): boolean | Refusal {
  const lower = written?.toLowerCase();
  if (lower === undefined || lower === "") return otherwise;
  return lower === "true" || lower === "false"
    ? lower === "true"
    : refuse("400063", `The value '${written}' of ${name} is neither true nor false.`);
}
