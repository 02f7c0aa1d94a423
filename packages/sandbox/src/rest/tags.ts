import { type Element, list, record } from "../wire/element.ts";

export function tagsElement(tags: readonly string[]): Element {
  return list(
    "tags",
    "tag",
    tags.map((label) => record("tag", { label })),
  );
}
