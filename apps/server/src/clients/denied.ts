import type { ServerResponse } from "node:http";
import type { Denied } from "../proxy/call.ts";
import { downstreamHeaders } from "../proxy/headers.ts";
import { answer, type Format } from "./answers.ts";

/**
 * Tableau's 403 for a client: its own code and words, and behind them what is missing and who can give it. What is not in
 * the form of Tableau's REST API, or needs no explanation, goes through as it came.
 */
export function sayDenied(
  response: ServerResponse,
  { headers, body, error, explanation }: Denied,
  { format, own }: { format: Format; own: Readonly<Record<string, string>> },
): void {
  if (explanation === null || !body.isWhole || !isOfRestApi(body.bytes, error.code)) {
    const passed = { ...downstreamHeaders(headers), ...own };
    for (const name of OF_PACKED_BODY) delete passed[name];
    response.writeHead(403, { ...passed, "content-length": body.bytes.length }).end(body.bytes);
    return;
  }
  const detail = [error.detail, explanation.message, explanation.action].filter((words) => words !== "").join(" ");
  const element = {
    name: "error",
    attributes: { code: error.code },
    content: [
      { name: "summary", content: error.summary },
      { name: "detail", content: detail },
    ],
  };
  answer(response, { status: 403, element, format }, own);
}

/** The body was unpacked to be read. */
const OF_PACKED_BODY = ["content-encoding", "content-length", "etag", "content-md5", "content-digest"];

/** `<tsResponse>` or `{"error": …}`, with a code of six digits. */
function isOfRestApi(bytes: Buffer, code: string): boolean {
  const start = bytes.subarray(0, 1000).toString("latin1");
  return /^\d{6}$/.test(code) && (/<tsResponse[\s>]/.test(start) || /^\s*\{\s*"error"\s*:/.test(start));
}
