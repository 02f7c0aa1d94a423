import fc from "fast-check";
import { XMLParser } from "fast-xml-parser";
import { expect, test } from "vitest";
import { type Element, formatOf, toJson, toXml } from "./answers.ts";

test("the format is Tableau's choice for the same Accept", () => {
  const formats: [string | undefined, string, string][] = [
    [undefined, "/api/3.27/sites", "xml"],
    ["*/*", "/api/3.27/sites", "xml"],
    ["application/json", "/api/3.27/sites", "json"],
    ["application/json, text/plain, */*", "/api/3.27/sites", "json"],
    ["Application/JSON; charset=utf-8", "/api/3.27/sites", "json"],
    ["application/xml, application/json;q=0.5", "/api/3.27/sites", "xml"],
    ["text/xml;q=0.2, application/json;q=0.5", "/api/3.27/sites", "json"],
    ["application/json;q=nonsense", "/api/3.27/sites", "json"],
    ["text/html", "/api/3.27/sites", "xml"],
    ["*/*", "/api/-/search", "json"],
    ["text/xml", "/api/metadata/graphql", "json"],
    ["*/*", "/api/v1/vizql-data-service/query-datasource", "json"],
    ["*/*", "/api/-x/y", "xml"],
  ];
  for (const [accept, path, format] of formats)
    expect([accept, path, formatOf({ accept }, path)]).toEqual([accept, path, format]);
});

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
  ignoreDeclaration: true,
});

test("XML and JSON say the same, whatever stands in it", () => {
  const words = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(words, words, words, (code, summary, detail) => {
      const element: Element = {
        name: "error",
        attributes: { code },
        content: [
          { name: "summary", content: summary },
          { name: "detail", content: detail },
        ],
      };
      // What XML cannot hold is U+FFFD, and a line ends as it did.
      const held = (text: string): string =>
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot hold.
        text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
      const read = parser.parse(toXml(element)) as { tsResponse: { error: Record<string, string> } };
      const { error } = read.tsResponse;
      expect([error.code, error.summary, error.detail]).toEqual([held(code), held(summary), held(detail)]);
      expect(JSON.parse(toJson(element))).toEqual({ error: { summary, detail, code } });
    }),
  );
});
