import type { IncomingHttpHeaders } from "node:http";
import type { Connector } from "@easel/connector";
import type { UploadKind } from "@easel/connector/help";
import { easelError } from "../http/errors.ts";

/** What a caller asks for beside the call itself, by `Easel-*` headers or by `easel-*` parameters of the query. */
export type Help =
  /** Every page of a list, as one JSON array or as a line for each item. */
  | { readonly kind: "pages"; readonly format: "array" | "lines"; readonly normalize: boolean }
  | { readonly kind: "normalized" }
  | { readonly kind: "job"; readonly wait: Wait; readonly normalize: boolean }
  /** A file in one request, of any size. `wait` is null where the job is not waited for. */
  | { readonly kind: "upload"; readonly upload: UploadKind; readonly wait: Wait | null; readonly normalize: boolean };

/** How long a job is waited for. */
export interface Wait {
  readonly timeoutMs: number;
  /** A blank goes to the caller whenever so long nothing else did; null keeps the status for the job's end. */
  readonly heartbeatMs: number | null;
}

/** A call as it goes on: without what was meant for Easel, and the help; null where none is asked for. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly help: Help | null;
}

const USUAL_WAIT: Wait = { timeoutMs: 600_000, heartbeatMs: null };
/** An hour: longer jobs are asked for again, by `GET /jobs/{id}` with `Easel-Wait`. */
const LONGEST_WAIT_S = 3600;
const LONGEST_HEARTBEAT_S = 60;

const UPLOAD = /^\/publish\/([^/?]*)\/?(?:\?|$)/;
const OWN_PARAMETER = /[?&]easel-/i;

/** Does this call ask for help? All that a call without costs. */
export function isAsked(headers: IncomingHttpHeaders, path: string): boolean {
  return (
    headers["easel-paginate"] !== undefined ||
    headers["easel-normalize"] !== undefined ||
    headers["easel-wait"] !== undefined ||
    path.startsWith("/publish/") ||
    OWN_PARAMETER.test(path)
  );
}

/** Reads what is asked for. Throws what makes no sense. What is published is the call that publishes. */
export function readAsked(
  { help: knowledge }: Pick<Connector, "help">,
  call: { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders },
): Asked {
  const { method } = call;
  const { path, parameters } = splitQuery(call.path);
  const said = (name: string): string | null => parameters.get(name) ?? textOf(call.headers[`easel-${name}`]);
  const paginate = readPaginate(said("paginate"), call.headers.accept);
  const normalize = readNormalize(said("normalize"));
  const wait = readWait(said("wait"));
  const upload = UPLOAD.exec(path);
  if (upload !== null) {
    if (paginate !== null) throw nonsense("an upload has no pages");
    const kind = uploadOf(knowledge.uploads, upload[1] ?? "", method);
    if (/\?./.test(path)) throw nonsense("fields of the form say how a file is published, and its query does not");
    return { ...kind.publishes, help: { kind: "upload", upload: kind, wait: wait.wait, normalize } };
  }
  const isWaiting = wait.wait !== null && wait.isSaid;
  if (paginate === null && !normalize && !isWaiting) return { method, path, help: null };
  if (paginate !== null && isWaiting) throw nonsense("a list has no job that could be waited for");
  if (method === "HEAD") throw nonsense("HEAD is answered with no body to help with");
  if (!takesJson(call.headers.accept)) throw nonsense("Accept leaves JSON out, which is what help is given in");
  if (paginate !== null) return { method, path, help: { kind: "pages", format: paginate, normalize } };
  if (!isWaiting || wait.wait === null) return { method, path, help: { kind: "normalized" } };
  return { method, path, help: { kind: "job", wait: wait.wait, normalize } };
}

/** Takes `easel-*` parameters out of a path; all others stay byte for byte. */
function splitQuery(path: string): { path: string; parameters: ReadonlyMap<string, string> } {
  const mark = path.indexOf("?");
  const parameters = new Map<string, string>();
  if (mark === -1) return { path, parameters };
  const kept = path
    .slice(mark + 1)
    .split("&")
    .filter((part) => {
      if (!/^easel-/i.test(part)) return true;
      for (const [name, value] of new URLSearchParams(part))
        parameters.set(name.toLowerCase().slice("easel-".length), value);
      return false;
    });
  for (const name of parameters.keys()) {
    if (!["paginate", "normalize", "wait"].includes(name)) {
      throw easelError("help_unknown", {
        asked: `easel-${name}`,
        known: "easel-paginate, easel-normalize or easel-wait",
      });
    }
  }
  return { path: kept.length === 0 ? path.slice(0, mark) : `${path.slice(0, mark)}?${kept.join("&")}`, parameters };
}

function readPaginate(value: string | null, accept: string | undefined): "array" | "lines" | null {
  switch (value?.trim().toLowerCase()) {
    case undefined:
    case "none":
      return null;
    case "all":
      return accept !== undefined && /\bapplication\/(x-)?ndjson\b/i.test(accept) ? "lines" : "array";
    case "ndjson":
      return "lines";
    default:
      throw unknown("Easel-Paginate", value, "all, ndjson or none");
  }
}

function readNormalize(value: string | null): boolean {
  switch (value?.trim().toLowerCase()) {
    case undefined:
    case "0":
    case "false":
      return false;
    case "1":
    case "true":
      return true;
    default:
      throw unknown("Easel-Normalize", value, "1 or 0");
  }
}

/** `job`, `job; timeout=600; heartbeat=20`, or `none`. */
function readWait(value: string | null): { wait: Wait | null; isSaid: boolean } {
  if (value === null) return { wait: USUAL_WAIT, isSaid: false };
  const [what = "", ...settings] = value.split(";").map((part) => part.trim().toLowerCase());
  if (what === "none" && settings.length === 0) return { wait: null, isSaid: true };
  if (what !== "job") throw unknown("Easel-Wait", value, WAITS);
  let wait = USUAL_WAIT;
  for (const setting of settings) {
    const [, name, digits] = /^(timeout|heartbeat)\s*=\s*(\d{1,5})$/.exec(setting) ?? [];
    const seconds = Number(digits);
    const isTimeout = name === "timeout";
    if (name === undefined || seconds < 1 || seconds > (isTimeout ? LONGEST_WAIT_S : LONGEST_HEARTBEAT_S)) {
      throw unknown("Easel-Wait", value, WAITS);
    }
    wait = isTimeout ? { ...wait, timeoutMs: seconds * 1000 } : { ...wait, heartbeatMs: seconds * 1000 };
  }
  return { wait, isSaid: true };
}

const WAITS = `job, none, or job with a timeout from 1 to ${LONGEST_WAIT_S} and a heartbeat from 1 to ${LONGEST_HEARTBEAT_S} seconds: job; timeout=600; heartbeat=20`;

function uploadOf(uploads: ReadonlyMap<string, UploadKind>, name: string, method: string): UploadKind {
  const upload = uploads.get(name.toLowerCase());
  if (upload === undefined) {
    throw easelError("upload_kind_unknown", { kind: name, kinds: Array.from(uploads.keys()).join(", ") });
  }
  if (method !== "POST") throw nonsense(`a file is published by POST, and this is ${method}`);
  return upload;
}

function takesJson(accept: string | undefined): boolean {
  return accept === undefined || /\*\/\*|application\/\*|json/i.test(accept);
}

function textOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function unknown(name: string, value: string | null | undefined, known: string) {
  const asked = `${name}: ${value ?? ""}`;
  return easelError("help_unknown", { asked, known });
}

function nonsense(reason: string) {
  return easelError("help_impossible", { reason });
}
