import type { IncomingHttpHeaders, ServerResponse } from "node:http";

/** One element of an answer; JSON and XML are written from the same. */
export interface Element {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  readonly content?: readonly Element[] | Text;
}

/** XML writes it as text. */
type Text = string | number | boolean;

export type Format = "xml" | "json";

/**
 * The format that Tableau answers in: XML, unless `Accept` names JSON and no XML before it. Of the APIs that know JSON
 * only (`/api/-/…`, GraphQL, VizQL Data Service) also refusals are JSON.
 */
export function formatOf(headers: IncomingHttpHeaders, path: string): Format {
  if (/^\/api\/(-|v\d+|metadata)(\/|$)/i.test(path)) return "json";
  let best: { format: Format; quality: number } = { format: "xml", quality: 0 };
  for (const range of (headers.accept ?? "").toLowerCase().slice(0, LONGEST_ACCEPT).split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
    const format = type === "application/json" ? "json" : /^(application|text)\/xml$/.test(type) ? "xml" : null;
    const weight = Number(parameters.find((one) => one.startsWith("q="))?.slice(2) ?? 1);
    const quality = Number.isFinite(weight) ? weight : 1;
    if (format !== null && quality > best.quality) best = { format, quality };
  }
  return best.format;
}

const LONGEST_ACCEPT = 1000;

/** Writes an answer as Tableau does. `element` is null where there is none, e.g. after a sign-out. */
export function answer(
  response: ServerResponse,
  { status, element, format }: { status: number; element: Element | null; format: Format },
  headers: Readonly<Record<string, string>>,
): void {
  if (element === null) {
    response.writeHead(status, { ...headers, "cache-control": "no-store" }).end();
    return;
  }
  const body = Buffer.from(format === "json" ? toJson(element) : toXml(element));
  response.writeHead(status, {
    ...headers,
    "content-type": `application/${format};charset=UTF-8`,
    "cache-control": "no-store",
    "content-length": body.length,
  });
  // Node leaves it out of an answer to HEAD.
  response.end(body);
}

/** As Tableau's JSON: without an envelope. */
export function toJson(element: Element): string {
  return JSON.stringify({ [element.name]: plain(element) });
}

/** Child elements and attributes side by side as keys, in Tableau's order; text beside attributes is `value`. */
function plain({ attributes, content = [] }: Element): unknown {
  if (isText(content)) return attributes === undefined ? content : { value: content, ...attributes };
  return { ...Object.fromEntries(content.map((child) => [child.name, plain(child)])), ...attributes };
}

function isText(content: readonly Element[] | Text): content is Text {
  return typeof content !== "object";
}

/** The namespace and schema location that stand in every answer of Tableau's. */
const ENVELOPE =
  'xmlns="http://tableau.com/api" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xsi:schemaLocation="http://tableau.com/api https://help.tableau.com/samples/en-us/rest_api/ts-api_3_27.xsd"';

/** As a `tsResponse`. */
export function toXml(element: Element): string {
  return `<?xml version='1.0' encoding='UTF-8'?><tsResponse ${ENVELOPE}>${written(element)}</tsResponse>`;
}

function written({ name, attributes = {}, content = [] }: Element): string {
  const head = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? "" : ` ${key}="${text(value)}"`,
  );
  const inside = isText(content) ? text(String(content)) : content.map(written).join("");
  return inside === "" ? `<${name}${head.join("")}/>` : `<${name}${head.join("")}>${inside}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** What XML 1.0 cannot hold at all, half characters included, becomes U+FFFD. */
function text(value: string): string {
  return (
    value
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be written.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
      .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
      .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}
