import type * as z from "zod";
import { type Refusal, refuse } from "../../wire/refusals.ts";
import { attribute, element, flag } from "../../wire/request-schema.ts";
import { may } from "../permissions/effective.ts";
import type { SessionCall } from "../route.ts";
import type { User } from "../users/model.ts";
import type { CatalogTable, Database } from "./model.ts";

/** What may be changed of a database or a table. */
export const curationSchema = element({
  description: attribute.optional(),
  isCertified: flag.optional(),
  certificationNote: attribute.optional(),
  contact: element({ id: attribute.optional() }).optional(),
});

type Curation = z.output<typeof curationSchema>;

/** inferred: the capability that changing an asset needs; its contact has it, as owners do. */
export function mayCurate(user: User, asset: Database | CatalogTable): boolean {
  return may(user, "Write", asset);
}

export function refuseCuration(): Refusal {
  return refuse(
    "403004",
    "Changing an external asset needs a site administrator, its contact or its project's leader.",
  );
}

/** Changes what was sent and leaves the rest; an empty contact takes nobody away, for an asset has to have one here. */
export function curate(
  asset: Database | CatalogTable,
  { description, isCertified, certificationNote, contact }: Curation,
  { session }: SessionCall,
): Refusal | undefined {
  const { site, user } = session;
  const named =
    contact?.id === undefined || contact.id === "" ? asset.contact : site.users.get(contact.id.toLowerCase());
  if (named === undefined) return refuse("404002", `There is no user '${contact?.id}'.`);
  asset.contact = named;
  if (description !== undefined) asset.description = description;
  if (isCertified !== undefined) {
    if (isCertified !== asset.isCertified) asset.certifier = user;
    asset.isCertified = isCertified;
  }
  if (certificationNote !== undefined) asset.certificationNote = certificationNote;
  return undefined;
}
