import { expect, test } from "vitest";
import { hostedCode } from "./hosted.ts";

test("only the hosted form's own address holds a code", () => {
  expect(hostedCode("/ui/hosted/a%20b")).toBe("a b");
  expect(hostedCode("/ui/hosted/abc/")).toBe("abc");
  for (const path of ["/ui", "/ui/", "/ui/hosted/", "/ui/hosted/a/b"]) expect(hostedCode(path)).toBeNull();
});
