import { XMLParser } from "fast-xml-parser";
import * as z from "zod";

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
});

const record = z.record(z.string(), z.unknown());
const envelope = z.object({ tsResponse: z.preprocess((content) => (content === "" ? {} : content), record) });

/** What an XML answer says, in the shape that its JSON has; one item of a list may stand without its array. */
export function contentOfXml(xml: string): Record<string, unknown> {
  return record.parse(asInJson(envelope.parse(parser.parse(xml)).tsResponse));
}

/** JSON has no namespaces, and calls the text beside attributes `value`. */
function asInJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asInJson);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !/^(xmlns|xsi:)/.test(key));
  return Object.fromEntries(kept.map(([key, part]) => [key === "#text" ? "value" : key, asInJson(part)]));
}

/** Every leaf of an XML answer as `path=value`, so that it can be compared with the JSON answer's. */
export function factsOfXml(xml: string): string[] {
  return facts(contentOfXml(xml), "").sort();
}

/** Every leaf of a JSON answer as `path=value`. */
export function factsOfJson(json: string): string[] {
  return facts(JSON.parse(json), "").sort();
}

function facts(value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => facts(item, index === 0 ? path : `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null) return value === "" ? [] : [`${path}=${value}`];
  return Object.entries(value).flatMap(([key, part]) => facts(part, `${path}.${key}`));
}
