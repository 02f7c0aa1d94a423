import { randomUUID } from "node:crypto";
import type { UploadForm, UploadKind, UploadRequest } from "@easel/connector/help";
import { EaselError, easelError } from "../http/errors.ts";
import { passOn } from "../proxy/answer.ts";
import type { UpstreamAnswer } from "../proxy/upstream-answer.ts";
import type { Help } from "./asked.ts";
import {
  type Helped,
  type HelpParts,
  NO_BODY,
  passOnError,
  readWhole,
  reserveRoom,
  send,
  textOf,
} from "./exchanges.ts";
import { cutIntoParts } from "./file-parts.ts";
import { mayFollow, sendWhenDone } from "./jobs.ts";
import { holdsJson, sendJson } from "./json-answer.ts";
import { FIELDS_HELD, type ReceivedForm, receiveForm } from "./upload-form.ts";

type Upload = Help & { readonly kind: "upload" };

/**
 * Takes a file of any size in one request and publishes it: begins an upload, appends part after part in order as the
 * file comes, publishes, and waits for the job. All that it needs is checked before the first byte goes out.
 */
export async function sendUpload(parts: HelpParts, helped: Helped, asked: Upload): Promise<void> {
  const { call } = helped;
  mayUpload(parts, helped, asked);
  helped.holding.add(FIELDS_HELD);
  const received = await receiveForm(call.request, call.contentType);
  try {
    const read = asked.upload.readForm(received.fields, received.filename);
    if (read.kind === "unreadable") throw easelError("upload_malformed", { detail: read.detail });
    const published = await uploadAndPublish(parts, helped, { kind: asked.upload, received, form: read.form });
    if (published.statusCode >= 400) return await passOnError(parts, call, published);
    if (!holdsJson(published)) return await passOn(call, published);
    const begun = await readWhole(parts, helped, published);
    const { wait, normalize } = asked;
    if (wait !== null) return await sendWhenDone(parts, helped, { begun, wait, normalize });
    sendJson(call, begun, textOf(parts, helped, { answer: begun, normalize }));
  } finally {
    received.drop();
  }
}

/** Throws what the project's Permissions refuse of the calls that an upload makes. */
function mayUpload(parts: HelpParts, helped: Helped, { upload, wait }: Upload): void {
  const { use } = helped.call;
  const part = upload.append("upload", "boundary");
  parts.route(use, upload.begin.method, upload.begin.path);
  parts.route(use, part.method, part.path);
  parts.route(use, upload.publishes.method, upload.publishes.path);
  if (wait !== null) mayFollow(parts, helped);
}

interface Publication {
  readonly kind: UploadKind;
  readonly received: ReceivedForm;
  readonly form: UploadForm;
}

/** What the provider answers to the call that publishes, or the first refusal on the way there. */
async function uploadAndPublish(
  parts: HelpParts,
  helped: Helped,
  { kind, received, form }: Publication,
): Promise<UpstreamAnswer> {
  const file = cutIntoParts(received.file, kind.partLimit);
  // Nothing of a file stands in a random boundary.
  const boundary = `easel-${randomUUID()}`;
  const frameOf = (upload: string) => kind.append(upload, boundary);
  // The file's first bytes are there before anything is begun for it.
  const first = await file.next(frameOf(""));
  if (first === null) throw easelError("upload_malformed", { detail: "the file is empty" });
  const begun = await sendRequest(parts, helped, kind.begin);
  if (begun.statusCode >= 400) return begun;
  const upload = kind.begun((await readWhole(parts, helped, begun)).value);
  reserveRoom(helped);
  if (upload === null) throw easelError("help_answer_unexpected", { wanted: "an upload that has begun" });
  for (let part: typeof first | null = first; part !== null; part = await file.next(frameOf(upload))) {
    const { method, path, contentType } = frameOf(upload);
    const route = parts.route(helped.call.use, method, path);
    const own = { accept: "application/json", contentType };
    const request = { route, body: part.body, own, mustLive: true };
    const appended = await send(parts, helped, request).catch(interrupted);
    if (appended.statusCode >= 400) return appended;
    if (!part.isTaken()) throw easelError("upload_interrupted", { reason: "it was answered before it had arrived" });
    await appended.dump();
  }
  await received.end();
  return sendRequest(parts, helped, kind.finish(upload, form, boundary));
}

function sendRequest(
  parts: HelpParts,
  helped: Helped,
  { method, path, contentType, body }: UploadRequest,
): Promise<UpstreamAnswer> {
  const route = parts.route(helped.call.use, method, path);
  const sent = body === null ? NO_BODY : ({ kind: "held", bytes: Buffer.from(body) } as const);
  return send(parts, helped, { route, body: sent, own: { accept: "application/json", contentType } });
}

/**
 * A part that did not arrive, or whose answer did not, may or may not have been taken: sent again it could stand in the
 * file twice, and Tableau does not tell.
 */
function interrupted(error: unknown): never {
  const isOfTheProvider = error instanceof EaselError && error.code !== "upload_malformed";
  throw isOfTheProvider ? easelError("upload_interrupted", { reason: error.message }) : error;
}
