import { describe, expect, test } from "vitest";
import { readPayload } from "./payload.ts";

describe("what is sent to connect", () => {
  test("is read without what came with copying it", () => {
    const pasted = { serverUrl: " https://10ax.online.tableau.com\n", site: "acme\t", tokenSecret: "c2VjcmV0\r\n" };
    expect(readPayload(pasted)).toEqual({
      serverUrl: "https://10ax.online.tableau.com",
      site: "acme",
      tokenSecret: "c2VjcmV0",
    });
  });

  test("keeps a password as it is", () => {
    expect(readPayload({ username: "ana ", password: " two words " })).toEqual({
      username: "ana",
      password: " two words ",
    });
  });

  test.each([{ serverUrl: "ht\ttp://a.example" }, { site: "ac\u0000me" }, { password: "a\nb" }])(
    "is refused where a field has several lines or control characters: %o",
    (payload) => {
      expect(() => readPayload(payload)).toThrow(/control character/);
    },
  );
});
