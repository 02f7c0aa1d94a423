import { XMLParser } from "fast-xml-parser";
import * as z from "zod";

/** An element of one of our own pictures. */
export type SvgElement = {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: SvgElement[];
  text: string;
};

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: true,
  textNodeName: "#text",
  maxNestedTags: 200,
});

const attributesSchema = z.record(z.string(), z.string());

/** Reads an SVG that `drawSvg` wrote. */
export function readSvg(svg: string): SvgElement {
  const [root] = elementsOf(parser.parse(svg));
  if (root === undefined) throw new Error("A picture without an element.");
  return root;
}

function elementsOf(nodes: unknown): SvgElement[] {
  return z
    .array(z.record(z.string(), z.unknown()))
    .parse(nodes)
    .flatMap((node) => {
      const name = Object.keys(node).find((key) => key !== ":@" && key !== "#text");
      if (name === undefined) return [];
      const attributes = attributesSchema.parse(node[":@"] ?? {});
      return [{ name, attributes, children: elementsOf(node[name]), text: textOf(node[name]) }];
    });
}

function textOf(nodes: unknown): string {
  return z
    .array(z.record(z.string(), z.unknown()))
    .parse(nodes)
    .map((node) => node["#text"] ?? "")
    .join("");
}
