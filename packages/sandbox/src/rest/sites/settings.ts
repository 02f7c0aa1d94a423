import * as z from "zod";
import { type Refusal, refuse } from "../../wire/refusals.ts";
import { attribute, element } from "../../wire/request-schema.ts";
import { type SiteAttribute, type SiteSettings, siteAttributes } from "./model.ts";

/** A request's `<site>`: its name, its content URL, and whatever of its attributes is to be set. */
export const siteRequestSchema = element({
  site: z.preprocess(
    (value) => (typeof value === "string" && value.trim() === "" ? {} : value),
    z.record(z.string().max(200), z.union([attribute, z.unknown().transform(() => undefined)])),
  ),
});

type Written = z.output<typeof siteRequestSchema>["site"];

/** What a request sets, checked: attributes that a site does not know are ignored, as Tableau does. */
export function readAttributes(written: Written): SiteSettings["attributes"] | Refusal {
  const set: SiteSettings["attributes"] = {};
  for (const known of siteAttributes) {
    const value = written[known.name];
    if (value === undefined) continue;
    // Clients still ask for Ask Data, which was retired: that is heard, and it stays off.
    if (known.name === "askDataMode" && value === "EnabledByDefault") continue;
    const parsed = parse(known, value);
    if (parsed === undefined)
      return refuse(
        known.name === "adminMode" ? "400013" : "400003",
        `The attribute ${known.name} can't be '${value}'.`,
      );
    set[known.name] = parsed;
  }
  if (set.adminMode === "ContentOnly" && set.userQuota !== undefined) {
    // Where only the server's administrators add users there is no quota to set (Tableau REST reference, "Update Site").
    return refuse("400003", "A user quota can't be set where adminMode is ContentOnly.");
  }
  return set;
}

function parse({ type }: SiteAttribute, value: string): string | number | boolean | undefined {
  if (type === "string") return value.slice(0, 10_000);
  if (type === "integer") return /^-?\d{1,9}$/.test(value) ? Number(value) : undefined;
  const lower = value.toLowerCase();
  if (type === "boolean") return lower === "true" ? true : lower === "false" ? false : undefined;
  return type.find((one) => one.toLowerCase() === lower);
}
