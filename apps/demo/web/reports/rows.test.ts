import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnTitle, maxColumns, maxRows, rowsOf } from "./rows.ts";

describe("an answer as a table", () => {
  test("finds Tableau's list beside its paging, names first and ids last", () => {
    const answer = {
      pagination: { pageNumber: "1", totalAvailable: "2" },
      projects: {
        project: [
          { id: "p1", createdAt: "2026-01-02T03:04:05Z", owner: { id: "u1", name: "ana" }, name: "Default" },
          { id: "p2", name: "Sales", description: "Quarterly" },
        ],
      },
    };
    expect(rowsOf(answer)).toEqual({
      columns: ["name", "createdAt", "owner.name", "description", "id", "owner.id"],
      rows: [
        { id: "p1", createdAt: "2026-01-02T03:04:05Z", "owner.id": "u1", "owner.name": "ana", name: "Default" },
        { id: "p2", name: "Sales", description: "Quarterly" },
      ],
      total: 2,
    });
  });

  test("a list with nothing in it is empty, also where Tableau leaves it out", () => {
    expect(rowsOf({ projects: { project: [] } })).toBe("empty");
    expect(rowsOf({ pagination: { totalAvailable: "0" }, backgroundJobs: {} })).toBe("empty");
  });

  test("an answer without a list is no table", () => {
    expect(rowsOf({ serverInfo: { productVersion: "2026.2" } })).toBe("none");
    expect(rowsOf(undefined)).toBe("none");
    expect(rowsOf("text")).toBe("none");
  });

  test("whatever the answer is, the table stays within its bounds and its columns are its rows' own", () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 5 }), (answer) => {
        const table = rowsOf(answer);
        if (typeof table === "string") return;
        expect(table.rows.length).toBeLessThanOrEqual(maxRows);
        expect(table.columns.length).toBeLessThanOrEqual(maxColumns);
        for (const column of table.columns) expect(table.rows.some((row) => Object.hasOwn(row, column))).toBe(true);
      }),
    );
  });
});

test("a column's title is in words", () => {
  expect(columnTitle("contentPermissions")).toBe("Content permissions");
  expect(columnTitle("owner.id")).toBe("Owner id");
});
