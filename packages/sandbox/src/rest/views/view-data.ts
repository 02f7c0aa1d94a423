import { seededRandom } from "../../site/random.ts";
import type { View } from "./model.ts";

const regions = ["Central", "East", "South", "West"];
const months = ["January", "February", "March", "April", "May", "June"];

/** A view's data as Tableau downloads it: CSV with a header of captions. The same every time for the same view. */
export function viewData(view: View): string {
  const random = seededRandom(view.id);
  const rows = regions.flatMap((region) =>
    months.map((month) => [region, month, random.between(12_000, 98_000), random.between(-2_000, 18_000)].join(",")),
  );
  return `${["Region,Month of Order Date,Sales,Profit", ...rows].join("\n")}\n`;
}
