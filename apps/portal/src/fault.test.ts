import { expect, test } from "vitest";
import { readFault } from "./fault.ts";

const body = { message: "M.", code: "c", status: 422, action: "A.", requestId: "r", meta: {} };

test("reads an envelope, and nothing else as one", () => {
  expect(readFault(JSON.stringify(body))).toEqual({
    code: "c",
    message: "M.",
    action: "A.",
    status: 422,
    requestId: "r",
    at: null,
  });
  for (const text of ["", "{}", "null", "[]", "<html>", '{"message":7}', '{"message":""}'])
    expect(readFault(text)).toBeNull();
});

test("knows the field from the envelope's meta, else from the code's words", () => {
  const at = (change: object) => readFault(JSON.stringify({ ...body, ...change }))?.at;
  expect(at({ meta: { field: "tokenSecret" } })).toBe("tokenSecret");
  expect(at({ code: "tableau_site_unknown" })).toBe("site");
  expect(at({ code: "server_unreachable" })).toBe("address");
  expect(at({ code: "tableau.401001" })).toBeNull();
});
