import type { Element, Value } from "./element.ts";

/**
 * Writes the elements of one answer as Tableau's JSON: no envelope, attributes and children side by side as keys, text
 * beside attributes as `value`, repeated elements always an array, and no inner key at all when a list is empty.
 */
export function toJson(elements: Element[]): string {
  return JSON.stringify(Object.fromEntries(elements.map((element) => [element.name, plain(element)])));
}

function plain(element: Element): unknown {
  switch (element.kind) {
    case "text":
      return Object.keys(element.attributes).length === 0
        ? element.text
        : { value: element.text, ...element.attributes };
    case "list":
      return element.items.length === 0 && element.whenEmpty === "absent"
        ? {}
        : { [element.item]: element.items.map(plain) };
    case "repeated":
      return element.items.map(plain);
    case "record":
      return {
        ...Object.fromEntries(element.children.filter(isThere).map((child) => [child.name, plain(child)])),
        ...withoutXsi(element.attributes),
      };
  }
}

/** `xsi:type` tells readers of XML which of a schema's types an element has; JSON has nothing of the kind. */
function withoutXsi({ "xsi:type": _type, ...attributes }: Record<string, Value>): Record<string, Value> {
  return attributes;
}

function isThere(element: Element): boolean {
  return element.kind !== "repeated" || element.items.length > 0 || element.whenEmpty === "array";
}
