import { setImmediate } from "node:timers/promises";
import { isoDate } from "../../../data/dates.ts";
import { isProblem } from "../../../data/problem.ts";
import type { Order } from "../../../pictures/make.ts";
import type { Sheet } from "../../../pictures/pdf/pdf.ts";
import type { Picture, Size } from "../../../pictures/picture.ts";
import { isRefusal, type Refusal, refuse } from "../../../wire/refusals.ts";
import type { Reply } from "../../../wire/reply.ts";
import { may } from "../../permissions/effective.ts";
import type { Capability } from "../../permissions/model.ts";
import type { SessionCall } from "../../route.ts";
import type { Workbook } from "../../workbooks/model.ts";
import { type Asked, keyOf, nothingAsked, over, readAsked } from "../asked.ts";
import { crosstabOf } from "../crosstab.ts";
import { toExcel } from "../excel.ts";
import type { View } from "../model.ts";
import { pictureOf, sizeOf } from "../picture.ts";
import { worksheetsOf } from "../sheet.ts";
import { answerView, toCsv } from "../view-data.ts";
import { readImageOptions, readMaxAge, readPdfOptions } from "./options.ts";

/** A view, and the filters that it is taken with before those of the call: a custom view's, or none. */
export type Exported = { view: View; saved: Asked };

/** A view's data as CSV. */
export function exportData(call: SessionCall, exported: Exported): Reply | Refusal {
  const answer = answerFor(call, exported);
  return isRefusal(answer) ? answer : { kind: "bytes", contentType: "text/csv;charset=utf-8", body: toCsv(answer) };
}

/** A view's crosstab as an .xlsx file; a dashboard's is that of one of its sheets, as with its data. */
export async function exportCrosstab(call: SessionCall, exported: Exported): Promise<Reply | Refusal> {
  const answer = answerFor(call, exported);
  if (isRefusal(answer)) return answer;
  return {
    kind: "bytes",
    contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    body: await toExcel(crosstabOf(answer), exported.view.name),
  };
}

function answerFor(call: SessionCall, { view, saved }: Exported) {
  const { session, query, scene } = call;
  const denied = deny(call, "ExportData", view);
  if (denied !== undefined) return denied;
  const maxAge = readMaxAge(query);
  if (isRefusal(maxAge)) return maxAge;
  const answer = answerView(session.site, view, over(saved, readAsked(query)), scene.now);
  if (!isProblem(answer)) return answer;
  return refuse("400081", `The data of the view '${view.name}' can't be queried: ${answer.message}`);
}

/** A view as a PNG or SVG image. */
export async function exportImage(call: SessionCall, exported: Exported): Promise<Reply | Refusal> {
  const denied = deny(call, "ExportImage", exported.view);
  if (denied !== undefined) return denied;
  const options = readImageOptions(call.query);
  if (isRefusal(options)) return options;
  const { zoom, format, maxAge } = options;
  const { picture, key } = drawn(call, exported);
  const size = options.size ?? sizeOf(exported.view.sheet);
  const contentType = format === "svg" ? "image/svg+xml" : "image/png";
  return take(call, contentType, {
    key: JSON.stringify(["image", format, size, zoom, key]),
    maxAge,
    order: () =>
      format === "svg" ? { kind: "svg", picture: picture(), size } : { kind: "png", picture: picture(), size, zoom },
  });
}

/** The pictures of previews are as wide as this, in pixels. */
const previewWidth = 300;

/** A view's thumbnail: its image, smaller. Whoever sees the view may see it. */
export async function exportPreview(call: SessionCall, view: View): Promise<Reply | Refusal> {
  const size = sizeOf(view.sheet);
  const { picture, key } = drawn({ ...call, query: new URLSearchParams() }, { view, saved: nothingAsked });
  return take(call, "image/png", {
    key: JSON.stringify(["preview", key]),
    maxAge: Number.POSITIVE_INFINITY,
    order: () => ({ kind: "png", picture: picture(), size, zoom: previewWidth / size.width }),
  });
}

/** Views as a PDF, a page each; what it is called in a reader is the first one's name. */
export async function exportPdf(call: SessionCall, exported: readonly Exported[]): Promise<Reply | Refusal> {
  const options = readPdfOptions(call.query);
  if (isRefusal(options)) return options;
  const { paper, maxAge } = options;
  const sheets = exported.map((one) => ({ ...drawn(call, one), size: options.size ?? sizeOf(one.view.sheet) }));
  const at = Math.max(...exported.map(({ view }) => view.updatedAt));
  return take(call, "application/pdf", {
    key: JSON.stringify(["pdf", paper, at, sheets.map(({ key, size }) => [key, size])]),
    maxAge,
    order: async () => ({ kind: "pdf", sheets: await prepared(sheets), paper, at }),
  });
}

/** A workbook's views as a presentation, a slide each. */
export async function exportSlides(
  call: SessionCall,
  workbook: Workbook,
  views: readonly View[],
): Promise<Reply | Refusal> {
  const maxAge = readMaxAge(call.query);
  if (isRefusal(maxAge)) return maxAge;
  const sheets = views.map((view) => ({ ...drawn(call, { view, saved: nothingAsked }), size: sizeOf(view.sheet) }));
  return take(call, "application/vnd.openxmlformats-officedocument.presentationml.presentation", {
    key: JSON.stringify(["slides", workbook.name, sheets.map(({ key }) => key)]),
    maxAge,
    order: async () => ({ kind: "pptx", title: workbook.name, sheets: await prepared(sheets) }),
  });
}

/** Refuses who may not have it; whether they may see it at all was asked before. */
export function deny({ session }: SessionCall, capability: Capability, content: View | Workbook): Refusal | undefined {
  if (may(session.user, capability, content)) return undefined;
  return refuse(
    "403004",
    `${session.user.name} isn't authorized to do this: it needs ${capability} on '${content.name}'.`,
  );
}

/** What a view shows to a call, and a key that names everything it is made from. */
function drawn({ session, query, scene }: SessionCall, { view, saved }: Exported) {
  const { site } = session;
  const asked = over(saved, readAsked(query));
  const sources = [...worksheetsOf(view.sheet, view.name).values()].flatMap(({ source }) => source ?? []);
  const published = sources.map((source) => ("updatedAt" in source ? source.updatedAt : 0));
  // Orders come in day by day.
  const key = [site.id, keyOf(view, asked), view.workbook.updatedAt, published, isoDate(scene.now)];
  return { key, picture: () => pictureOf(site, view, asked, scene.now) };
}

/** Asks for the numbers of many sheets, one after the other: other calls are answered in between. */
async function prepared(sheets: readonly { picture: () => Picture; size: Size }[]): Promise<Sheet[]> {
  const all: Sheet[] = [];
  for (const { picture, size } of sheets) {
    all.push({ picture: picture(), size });
    await setImmediate();
  }
  return all;
}

type Wanted = { key: string; maxAge: number; order: () => Order | Promise<Order> };

async function take(
  { world }: SessionCall,
  contentType: string,
  { key, maxAge, order }: Wanted,
): Promise<Reply | Refusal> {
  const made = await world.pictures.take(key, maxAge, order);
  switch (made) {
    case "busy":
      return refuse("503000", "Too many pictures are being drawn.");
    case "late":
      return refuse("504000", "The picture took too long to draw.");
    case "failed":
      return refuse("500000", "The picture could not be drawn.");
    default:
      return { kind: "bytes", contentType, body: Buffer.from(made.buffer, made.byteOffset, made.byteLength) };
  }
}
