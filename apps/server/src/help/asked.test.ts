import { createTableauConnector } from "@easel/tableau";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EaselError } from "../http/errors.ts";
import { isAsked, readAsked } from "./asked.ts";

const connector = createTableauConnector({ clock: Date.now });
const read = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  readAsked(connector, { method, path, headers });

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof EaselError) return error.code;
    throw error;
  }
  return "";
}

describe("what is asked for", () => {
  test("is nothing on the usual path", () => {
    expect(isAsked({ accept: "application/json" }, "/projects?filter=name:eq:easel-x")).toBe(false);
    expect(isAsked({}, "/published/x")).toBe(false);
  });

  test("is read from headers and from the query, which goes before", () => {
    expect(read("/users?easel-paginate=ndjson", { "easel-paginate": "all" })).toEqual({
      method: "GET",
      path: "/users",
      help: { kind: "pages", format: "lines", normalize: false },
    });
    expect(read("/jobs/x?a=b&EASEL-WAIT=job%3B%20timeout%3D5", { "easel-normalize": "true" })).toEqual({
      method: "GET",
      path: "/jobs/x?a=b",
      help: { kind: "job", wait: { timeoutMs: 5000, heartbeatMs: null }, normalize: true },
    });
    expect(read("/x?easel-normalize=1").help).toEqual({ kind: "normalized" });
    expect(read("/x", { "easel-wait": "none", "easel-normalize": "0", "easel-paginate": "none" }).help).toBeNull();
  });

  test("is a publication at its own address, waited for unless told otherwise", () => {
    expect(read("/publish/Workbook/?easel-normalize=1", {}, "POST")).toMatchObject({
      method: "POST",
      path: "/workbooks",
      help: { kind: "upload", wait: { timeoutMs: 600_000 } },
    });
    expect(read("/publish/flow", { "easel-wait": "none" }, "POST").help).toMatchObject({ wait: null });
    expect(codeOf(() => read("/publish/flow?easel-paginate=all", {}, "POST"))).toBe("help_impossible");
    // Nothing that is said is left out without a word.
    expect(codeOf(() => read("/publish/workbook?overwrite=true", {}, "POST"))).toBe("help_impossible");
  });

  test("never goes on to Tableau, and all else does byte for byte", () => {
    const part = fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[&?#]/g, ""));
    const own = fc.constantFrom("easel-paginate=all", "Easel-Normalize=1", "EASEL-WAIT=none", "easel-paginate=ndjson");
    fc.assert(
      fc.property(fc.array(fc.oneof(part, own), { minLength: 1, maxLength: 6 }), (parts) => {
        const foreign = parts.filter((one) => !/^easel-/i.test(one));
        fc.pre(parts.every((one) => !/^easel-/i.test(one) || /^easel-(paginate|normalize|wait)=/i.test(one)));
        const { path } = read(`/users?${parts.join("&")}`);
        expect(path).toBe(foreign.length === 0 ? "/users" : `/users?${foreign.join("&")}`);
      }),
    );
  });

  test("is refused with a code, whatever is written, and never fails otherwise", () => {
    const headers = fc.record({
      "easel-paginate": fc.string(),
      "easel-normalize": fc.string(),
      "easel-wait": fc.string(),
    });
    fc.assert(
      fc.property(headers, fc.string(), (said, query) => {
        expect(["", "help_unknown", "help_impossible"]).toContain(codeOf(() => read(`/users?${query}`, said)));
      }),
    );
  });
});
