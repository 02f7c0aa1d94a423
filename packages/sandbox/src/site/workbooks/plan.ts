import type { Design } from "../../rest/views/designs.ts";

/** A workbook of the seed, as somebody at Acme would have made it. */
export type WorkbookPlan = {
  name: string;
  /** Where it is kept, by the project's path. */
  project: string;
  description: string;
  /** The published data source that its sheets draw from, by name. */
  source: string;
  /** Its sheets, the first four of them on its dashboard; some draw from another data source. */
  sheets: readonly (Design | readonly [source: string, design: Design])[];
  /** The numbers above the dashboard, by their captions in the sales table; without them, those of every sale. */
  figures?: readonly string[];
  /** What all of its sheets are about: only rows with one of these values. */
  only?: readonly [caption: string, ...values: string[]];
  /** The captions of its story's points, where it has one: the dashboard, and then sheet by sheet. */
  story?: readonly string[];
};
