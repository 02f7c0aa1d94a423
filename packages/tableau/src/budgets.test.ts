import { expect, test } from "vitest";
import { budgets, budgetsOf, drawingRequests } from "./budgets.ts";
import { rowOf } from "./route-match.ts";

test("every request that draws on a budget is one of the route table", () => {
  for (const request of drawingRequests) {
    const [method = "", template = ""] = request.split(" ");
    expect([request, rowOf({ method, template })]).not.toEqual([request, null]);
  }
});

test("each request draws on the user's calls, and some on the site's budgets too", () => {
  const drawn = (method: string, template: string) => budgetsOf({ method, template }).map(({ id }) => id);
  expect(drawn("GET", "/sites/{siteId}/projects")).toEqual(["calls"]);
  expect(drawn("GET", "unknown")).toEqual(["calls"]);
  expect(drawn("POST", "/sites/{siteId}/workbooks")).toEqual(["calls", "publishes"]);
  expect(drawn("GET", "/sites/{siteId}/workbooks")).toEqual(["calls"]);
  expect(drawn("POST", "/sites/{siteId}/tasks/extractRefreshes/{taskId}/runNow")).toEqual([
    "calls",
    "extract-refreshes",
  ]);
});

test("budgets have names of their own", () => {
  expect(new Set(budgets.map(({ id }) => id)).size).toBe(budgets.length);
});
