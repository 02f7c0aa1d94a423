import type { Element, Value } from "./element.ts";

// The namespace and schema location of every tsResponse (Tableau REST reference, "XML schema").
const envelope =
  'xmlns="http://tableau.com/api" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xsi:schemaLocation="http://tableau.com/api https://help.tableau.com/samples/en-us/rest_api/ts-api_3_27.xsd"';

/** Writes the elements of one answer as a `tsResponse` document. */
export function toXml(elements: Element[]): string {
  return `<?xml version='1.0' encoding='UTF-8'?><tsResponse ${envelope}>${elements.map(writeElement).join("")}</tsResponse>`;
}

/** One element and what is in it, as XML. */
export function writeElement(element: Element): string {
  switch (element.kind) {
    case "text":
      return tag(element.name, element.attributes, escapeXml(String(element.text)));
    case "list":
      return tag(element.name, {}, element.items.map(writeElement).join(""));
    case "repeated":
      return element.items.map(writeElement).join("");
    case "record":
      return tag(element.name, element.attributes, element.children.map(writeElement).join(""));
  }
}

function tag(name: string, attributes: Record<string, Value>, content: string): string {
  let open = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) open += ` ${key}="${escapeXml(String(value))}"`;
  return content === "" ? `${open}/>` : `${open}>${content}</${name}>`;
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  // A parser turns these into spaces inside an attribute unless they are written as references (XML 1.0, §3.3.3).
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

// What XML 1.0 cannot hold at all: control characters and the two non-characters. Lone surrogates go by toWellFormed.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be written
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be written
const special = /[&<>"\u0000-\u001f\ud800-\udfff\ufffe\uffff]/;

function escapeXml(value: string): string {
  if (!special.test(value)) return value; // nearly all values
  return value
    .toWellFormed()
    .replace(unwritable, "\ufffd")
    .replace(/[&<>"\t\n\r]/g, (character) => entities[character] ?? character);
}
