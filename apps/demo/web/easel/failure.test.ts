import { expect, test } from "vitest";
import { problemOfError } from "./failure.ts";

const easel = "http://localhost:4600";
const body = {
  message: "Tableau does not know this project.",
  code: "tableau.404005",
  status: 404,
  action: "Check the id.",
  requestId: "r-1",
};

test("a refused request is told by Easel's own words, code and action", () => {
  const error = Object.assign(new Error(body.message), { response: { ...body, meta: {}, output: {} } });
  expect(problemOfError(error, easel)).toEqual(body);
});

test("a body inside the message is told the same way", () => {
  expect(problemOfError(new Error(JSON.stringify(body)), easel)).toEqual(body);
});

test("what never reached Easel says where Easel should be", () => {
  expect(problemOfError(new TypeError("Failed to fetch"), easel).message).toBe(
    "Easel cannot be reached at http://localhost:4600.",
  );
});

test("any other error keeps its own message", () => {
  expect(problemOfError(new Error("Popup was closed"), easel)).toEqual({ message: "Popup was closed", action: "" });
});
