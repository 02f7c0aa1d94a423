import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createTableauConnector } from "@easel/tableau";
import { describe, expect, test } from "vitest";
import { errorBody } from "./error-body.ts";
import { easelError, type PlatformCode, platformProblems } from "./errors.ts";

const codes = Object.keys(platformProblems) as PlatformCode[];
const connector = createTableauConnector({ clock: Date.now });

describe("The error table", () => {
  test.each(Object.entries({ ...platformProblems, ...connector.problems }))(
    "%s has a status, a sentence that says what happened and one that says what to do",
    (code, { status, message, action }) => {
      expect(code).toMatch(/^[a-z]+(_[a-z0-9]+)+$|^internal$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(message).toMatch(/^[A-Z{].*([.]|\{\w+\}|\))$/);
      expect(action).toMatch(/^[A-Z].*[.]$/);
      expect(`${message} ${action}`).not.toMatch(/please|oops|successfully|!/i);
    },
  );

  test("no code stands in both tables", () => {
    expect(codes.filter((code) => Object.hasOwn(connector.problems, code))).toEqual([]);
  });

  test("whatever is filled in, a message is a sentence", () => {
    expect(easelError("request_malformed", { detail: "the body is not JSON" }).message).toMatch(/JSON\.$/);
    expect(easelError("request_malformed", { detail: "the body is not JSON." }).message).toMatch(/JSON\.$/);
  });

  test("only errors of the user token itself come without the mark that keeps the SDK's user signed in", () => {
    for (const code of codes) {
      const { meta, message } = errorBody(easelError(code), "id");
      const mark = code.startsWith("user_token_") ? {} : { isIntegrationError: true, message, code };
      expect([code, meta]).toEqual([code, mark]);
    }
  });
});

/** Every `easelError("code"…` of the server's own code, with what stands in its second argument. */
async function thrown(): Promise<{ place: string; code: string; given: string }[]> {
  const root = join(import.meta.dirname, "..");
  const files = (await readdir(root, { recursive: true })).filter((name) => /(?<!\.test|\.fixture)\.ts$/.test(name));
  const found = await Promise.all(
    files.map(async (file) => {
      const source = await readFile(join(root, file), "utf8");
      return [...source.matchAll(/easelError\(\s*"(\w+)"(?:,\s*(\{(?:\$\{[^}]*\}|[^}])*\}|\w+))?/g)].map(
        ([, code = "", given = ""]) => ({
          place: `${file}: ${code}`,
          code,
          given,
        }),
      );
    }),
  );
  return found.flat();
}

describe("Where errors are given", () => {
  test("every parameter of the sentences is filled in", async () => {
    const places = await thrown();
    expect(places.length).toBeGreaterThan(40);
    for (const { place, code, given } of places) {
      const { message, action } = platformProblems[code as PlatformCode];
      const names = [...`${message} ${action}`.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
      // A name in place of an object is followed by hand; there is none today.
      const filled = [...given.matchAll(/(\w+)\s*(?=[:,}])/g)].map(([, name]) => name);
      expect([place, names.filter((name) => !filled.includes(name))]).toEqual([place, []]);
    }
  });

  test("every code of the table is given somewhere", async () => {
    const given = new Set((await thrown()).map(({ code }) => code));
    // `recognise` in app.ts chooses between these two.
    const chosen = ["internal", "database_unavailable"];
    expect(codes.filter((code) => !given.has(code) && !chosen.includes(code))).toEqual([]);
  });
});
