import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { List, Page, PageRequest } from "@easel/connector/help";
import { unreachableReason } from "../egress/failure.ts";
import { connectorError, EaselError, easelError } from "../http/errors.ts";
import { readBody } from "../proxy/body.ts";
import type { ProxyCall } from "../proxy/call.ts";
import type { ExchangeRequest } from "../proxy/exchange.ts";
import type { UpstreamAnswer } from "../proxy/upstream-answer.ts";
import { readError } from "../proxy/upstream-error.ts";
import type { Help } from "./asked.ts";
import { type Helped, type HelpParts, NO_BODY, OWN_JSON, passOnError, send, unreachable } from "./exchanges.ts";
import { headersOf, type JsonAnswer, readJson } from "./json-answer.ts";

/** Of one call: a million items by a thousand. A list that never ends must end somewhere. */
const MOST_PAGES = 1000;
/** Characters that go to the caller in one write: items are small, and a write each would cost more than they do. */
const WRITTEN_AT_ONCE = 16_384;
/** Of one page whose answer breaks off. */
const MOST_TRIES = 3;
/** For room to hold a page in: half a minute. */
const WAIT_MS = 1000;
const MOST_WAITS = 30;

/**
 * Answers with every page of a list, one after the other as the caller reads them: of what comes from the provider no
 * more than one page is held. Nothing is answered before the first page is there, so that its errors keep their status;
 * an error on a later page cuts the connection, and half a list never looks whole.
 */
export async function sendPages(parts: HelpParts, helped: Helped, asked: Help & { kind: "pages" }): Promise<void> {
  const { call } = helped;
  const reading: Reading = { helped, list: await listOf(parts, helped), normalize: asked.normalize };
  const head = await askFor(parts, reading, reading.list.first);
  if (head.kind === "refused") return passOnError(parts, call, head.answer);
  const { page: first } = head;
  if (first.pages !== null && first.pages > MOST_PAGES) throw tooLong(String(first.pages));
  const isLines = asked.format === "lines";
  call.response.writeHead(200, headersOf(call, head.headers, isLines ? "application/x-ndjson" : "application/json"));
  const texts = written(readPages(parts, reading, first), isLines ? LINES : call.isRaw ? ARRAY : WRAPPED_ARRAY);
  await pipeline(Readable.from(cutByErrors(texts, helped), { highWaterMark: 1 }), call.response);
}

/** What fails from here on leaves half an answer, and the usage record has to say so. */
async function* cutByErrors(texts: AsyncIterable<string>, { outcome, signal }: Helped): AsyncGenerator<string> {
  try {
    yield* texts;
  } catch (error) {
    outcome.isCut = !signal.aborted;
    throw error;
  }
}

interface Reading {
  readonly helped: Helped;
  readonly list: List;
  readonly normalize: boolean;
}

async function listOf({ connector }: HelpParts, { call }: Helped): Promise<List> {
  const body = await readBody(call.request);
  // What is too large to be held is no query: nothing of it is needed to say so.
  if (body.kind === "streamed") call.request.resume();
  const result = connector.help.list(call.route, body.kind === "held" ? body.bytes.toString() : null);
  if (result.kind === "refused") throw connectorError(connector.problems, result.problem);
  return result.list;
}

type AskedPage =
  | { readonly kind: "page"; readonly page: Page; readonly headers: UpstreamAnswer["headers"] }
  | { readonly kind: "refused"; readonly answer: UpstreamAnswer };

/** A page whose answer breaks off is asked for again: nothing of it has been passed on. */
async function askFor(parts: HelpParts, reading: Reading, asked: PageRequest): Promise<AskedPage> {
  const { call, signal, holding } = reading.helped;
  const request = requestFor(parts, call, asked);
  for (let tries = 1; ; tries += 1) {
    const answer = await send(parts, reading.helped, request);
    if (answer.statusCode >= 400) return { kind: "refused", answer };
    try {
      // The page before has been read by the caller, or this one is asked for again.
      holding.clear();
      const read = await readJson(answer, holding);
      return { kind: "page", page: pageOf(parts, reading, asked, read), headers: read.headers };
    } catch (error) {
      const reason = signal.aborted ? null : unreachableReason(error);
      if (reason === null) throw error;
      if (tries === MOST_TRIES) throw unreachable(parts, reading.helped, reason);
    }
  }
}

function requestFor({ route }: HelpParts, { use }: ProxyCall, { path, body }: PageRequest): ExchangeRequest {
  if (body === null) return { route: route(use, "GET", path), body: NO_BODY, own: OWN_JSON };
  const own = { ...OWN_JSON, contentType: "application/json" };
  return { route: route(use, "POST", path), body: { kind: "held", bytes: Buffer.from(body) }, own };
}

function pageOf({ connector }: HelpParts, reading: Reading, asked: PageRequest, { value }: JsonAnswer): Page {
  const { helped, list, normalize } = reading;
  const page = list.read(asked, normalize ? connector.help.normalize(helped.call.route, value) : value);
  if (page === null) throw easelError("help_answer_unexpected", { wanted: "a list" });
  if (page.kind === "failed") throw connectorError(connector.problems, page.problem);
  return page;
}

/** The items of page after page. The next is asked for when the one before has been taken. */
async function* readPages(parts: HelpParts, reading: Reading, first: Page): AsyncGenerator<readonly unknown[]> {
  let known: ReadonlySet<string> = new Set();
  let page: Page | null = first;
  for (let count = 1; page !== null; count += 1) {
    const { items, next }: Page = page;
    // A list that grows while it is read moves items on to the page that is read next: there they are left out.
    const before = known;
    known = idsOf(items);
    yield before.size === 0 ? items : items.filter((item) => !before.has(idOf(item) ?? ""));
    if (next === null) return;
    if (count === MOST_PAGES) throw tooLong(`more than ${MOST_PAGES}`);
    page = await nextPage(parts, reading, next);
  }
}

/** Null where the list has come to end before this page. */
async function nextPage(parts: HelpParts, reading: Reading, next: PageRequest): Promise<Page | null> {
  const asked = await askPatiently(parts, reading, next);
  if (asked.kind === "page") return asked.page;
  const { statusCode: status, headers } = asked.answer;
  const { error } = parts.connector.classify(status, headers, (await readError(asked.answer)).bytes.toString());
  if (reading.list.endsBefore(error)) return null;
  throw easelError("help_page_refused", { status: String(status) });
}

/** Whoever has half a list waits for room, where one who has nothing yet is told to come again. */
async function askPatiently(parts: HelpParts, reading: Reading, asked: PageRequest): Promise<AskedPage> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await askFor(parts, reading, asked);
    } catch (error) {
      const isBusy = error instanceof EaselError && error.code === "help_busy";
      if (!isBusy || tries === MOST_WAITS) throw error;
      reading.helped.holding.clear();
      await sleep(WAIT_MS, undefined, { signal: reading.helped.signal, ref: false });
    }
  }
}

function idsOf(items: readonly unknown[]): ReadonlySet<string> {
  return new Set(items.map(idOf).filter((id) => id !== null));
}

function idOf(item: unknown): string | null {
  const id = typeof item === "object" && item !== null && "id" in item ? item.id : null;
  return typeof id === "string" && id !== "" ? id : null;
}

interface Notation {
  readonly before: string;
  readonly between: string;
  readonly after: string;
}

const ARRAY: Notation = { before: "[", between: ",\n", after: "]" };
const WRAPPED_ARRAY: Notation = { before: '{"output":[', between: ",\n", after: "]}" };
const LINES: Notation = { before: "", between: "\n", after: "\n" };

async function* written(pages: AsyncIterable<readonly unknown[]>, notation: Notation): AsyncGenerator<string> {
  let text = notation.before;
  let isFirst = true;
  for await (const items of pages) {
    for (const item of items) {
      text += isFirst ? inJson(item) : notation.between + inJson(item);
      isFirst = false;
      if (text.length < WRITTEN_AT_ONCE) continue;
      yield text;
      text = "";
    }
    // What there is of a page goes out before the next is asked for.
    if (text !== "") yield text;
    text = "";
  }
  const isEmptyLines = isFirst && notation === LINES;
  if (!isEmptyLines) yield text + notation.after;
}

function inJson(item: unknown): string {
  try {
    return JSON.stringify(item);
  } catch {
    // Deeper than can be written, thousands of levels: no item of Tableau's.
    throw easelError("help_answer_unexpected", { wanted: "a list" });
  }
}

function tooLong(pages: string) {
  return easelError("list_too_long", { pages, limit: String(MOST_PAGES) });
}
