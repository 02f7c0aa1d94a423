/** A value as JSON shows it; XML writes the same value as text. */
export type Value = string | number | boolean;

/**
 * What an answer is made of. Handlers build elements and never choose a format: xml.ts and json.ts write the same
 * tree, so an XML answer and a JSON answer carry the same facts.
 */
export type Element =
  | { kind: "record"; name: string; attributes: Record<string, Value>; children: Element[] }
  | { kind: "list"; name: string; item: string; items: Element[]; whenEmpty: "absent" | "array" }
  | { kind: "repeated"; name: string; items: Element[]; whenEmpty: "absent" | "array" }
  | { kind: "text"; name: string; text: Value; attributes: Record<string, Value> };

export function record(name: string, attributes: Record<string, Value | undefined>, children: Element[] = []): Element {
  return { kind: "record", name, attributes: present(attributes), children };
}

/** A container of repeated elements, e.g. `<workbooks>` of `<workbook>`. `whenEmpty` is JSON's: is the inner key there? */
export function list(name: string, item: string, items: Element[], whenEmpty: "absent" | "array" = "absent"): Element {
  return { kind: "list", name, item, items, whenEmpty };
}

/** Elements of one name that repeat without a container, e.g. a connected app's `<secret>`; in JSON an array. */
export function repeated(name: string, items: Element[], whenEmpty: "absent" | "array" = "absent"): Element {
  return { kind: "repeated", name, items, whenEmpty };
}

export function text(name: string, value: Value, attributes: Record<string, Value> = {}): Element {
  return { kind: "text", name, text: value, attributes };
}

function present(attributes: Record<string, Value | undefined>): Record<string, Value> {
  const shown: Record<string, Value> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) shown[name] = value;
  }
  return shown;
}
