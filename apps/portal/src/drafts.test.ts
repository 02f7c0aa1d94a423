import { expect, test } from "vitest";
import { createDrafts } from "./drafts.ts";

test("an address is remembered for the person who typed it, and for nobody else", () => {
  const kept = new Map<string, string>();
  const drafts = createDrafts(() => ({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  }));
  drafts.keep("ana", "https://tableau.example");
  expect(drafts.read("ana")).toBe("https://tableau.example");
  expect(drafts.read("ben")).toBe(null);
  drafts.keep("ana", "x".repeat(5_000));
  expect(drafts.read("ana")).toBe("https://tableau.example");
});

test("where the browser denies storage, the last address is known until the page is loaded again", () => {
  const denied = () => {
    throw new DOMException("Access is denied for this document.", "SecurityError");
  };
  const drafts = createDrafts(denied);
  drafts.keep("ana", "https://tableau.example");
  expect(drafts.read("ana")).toBe("https://tableau.example");
  expect(drafts.read("ben")).toBe(null);
  expect(createDrafts(denied).read("ana")).toBe(null);
});
