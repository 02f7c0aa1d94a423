import type { Operator } from "./description.ts";

// The operators that fields of one sort share (Tableau REST reference, "Filtering and sorting").
export const equality: readonly Operator[] = ["eq", "in"];
export const exactly: readonly Operator[] = ["eq"];
export const ordered: readonly Operator[] = ["eq", "gt", "gte", "lt", "lte"];
export const substring: readonly Operator[] = ["eq", "has"];
