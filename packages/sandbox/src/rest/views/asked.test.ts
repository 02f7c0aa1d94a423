import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAsked, splitValues } from "./asked.ts";

const asked = (query: string) => {
  const { filters, parameters } = readAsked(new URLSearchParams(query));
  return { filters: Object.fromEntries(filters), parameters: Object.fromEntries(parameters) };
};

describe("filters in a query", () => {
  test("are what begins with vf_, by the caption that follows", () => {
    expect(asked("vf_Region=West&vf_Year of Order Date=2025&maxAge=1&Region=East&VF_X=1")).toEqual({
      filters: { Region: ["West"], "Year of Order Date": ["2025"] },
      parameters: {},
    });
  });

  test("take several values, a comma escaped in one, and none to clear", () => {
    expect(asked("vf_Region=West,East&vf_Product=Stapler\\, red,Pen&vf_Segment=").filters).toEqual({
      Region: ["West", "East"],
      Product: ["Stapler, red", "Pen"],
      Segment: [],
    });
  });

  test("add up when they come twice", () => {
    expect(asked("vf_Region=West&vf_Region=East").filters).toEqual({ Region: ["West", "East"] });
  });

  test("are parameters when they say so, whole with their commas", () => {
    const expected = { filters: {}, parameters: { "Top Customers": "10", Title: "a,b" } };
    expect(asked("vf_Parameters.Top Customers=10&vf_parameters.Title=a,b")).toEqual(expected);
  });

  test("any values come back as they were, when their commas are escaped", () => {
    // A backslash before a comma can't be said: Tableau has no way to escape it.
    const value = fc.string({ minLength: 1 }).filter((text) => !text.includes("\\"));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        expect(splitValues(values.map((text) => text.replaceAll(",", "\\,")).join(","))).toEqual(values);
      }),
    );
  });
});
