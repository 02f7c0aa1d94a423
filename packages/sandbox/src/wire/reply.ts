import type { Readable } from "node:stream";
import type { Element } from "./element.ts";

/** What a handler answers when it does not refuse. */
export type Reply =
  | { kind: "elements"; status: 200 | 201 | 202; elements: Element[]; location?: string }
  | { kind: "empty"; status: 204 }
  | { kind: "bytes"; contentType: string; body: Readable | Buffer | string; length?: number; disposition?: string };

export function answer(...elements: Element[]): Reply {
  return { kind: "elements", status: 200, elements };
}

/** 201 with the address of what was made (path and origin, as Tableau's `Location`). */
export function created(element: Element, location?: string): Reply {
  return { kind: "elements", status: 201, elements: [element], ...(location === undefined ? {} : { location }) };
}

/** 202: the work has only begun, the element is its job. */
export function accepted(element: Element): Reply {
  return { kind: "elements", status: 202, elements: [element] };
}

export const done: Reply = { kind: "empty", status: 204 };
