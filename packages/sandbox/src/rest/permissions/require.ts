import { type Refusal, refuse } from "../../wire/refusals.ts";
import type { User } from "../users/model.ts";
import type { Content } from "./content.ts";
import { may } from "./effective.ts";
import type { Capability } from "./model.ts";

/** What to answer when a user may not do something with something; `doing` as in "download this workbook". */
export function refuseUnless(user: User, capability: Capability, content: Content, doing: string): Refusal | undefined {
  return may(user, capability, content)
    ? undefined
    : refuse("403004", `${user.name} isn't authorized to ${doing} '${content.id}' (${capability}).`);
}
