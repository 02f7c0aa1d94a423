import { randomUUID } from "node:crypto";
import { luidOf } from "../../site/random.ts";
import type { Site } from "../../site/site.ts";
import { type Refusal, refuse } from "../../wire/refusals.ts";
import type { World } from "../../world.ts";
import type { SessionCall } from "../route.ts";
import type { User } from "../users/model.ts";
import { type Asset, assetOf } from "./assets.ts";
import { certification, type Label, type LabelValue } from "./model.ts";

/** Labels of a site; Tableau's own limit is not published. */
const mostLabels = 20_000;

/** What a label is to say; what is left out stays as it was, or is as the value has it by default. */
export type Labelling = {
  message?: string | undefined;
  isActive?: boolean | undefined;
  isElevated?: boolean | undefined;
};

export function findValue(site: Site, name: string): LabelValue | undefined {
  return site.labels.values.get(name.trim().toLowerCase());
}

/** Gives an asset a label, or changes the one with this value that it has (an asset has each value once). */
export function label(call: SessionCall, asset: Asset, value: LabelValue, labelling: Labelling): Label | Refusal {
  const { site, user } = call.session;
  const given = labelsOf(site, asset).find((one) => one.value === value.name);
  if (given !== undefined) return relabel(call, given, labelling);
  if (site.labels.given.size >= mostLabels) return refuse("400003", `A site has at most ${mostLabels} labels here.`);
  const { now } = call.scene;
  const made = newLabel(asset, value, user, now);
  made.isElevated = labelling.isElevated ?? value.isElevatedByDefault;
  made.isActive = labelling.isActive ?? true;
  made.message = labelling.message ?? "";
  site.labels.given.set(made.id, made);
  certify(asset, made);
  tell(call.world, site, asset, "LabelCreated", now);
  return made;
}

export function relabel(call: SessionCall, given: Label, { message, isActive, isElevated }: Labelling): Label {
  const { site } = call.session;
  given.message = message ?? given.message;
  given.isActive = isActive ?? given.isActive;
  given.isElevated = isElevated ?? given.isElevated;
  given.updatedAt = call.scene.now;
  const asset = assetOf(site, given);
  if (asset !== undefined) {
    certify(asset, given);
    tell(call.world, site, asset, "LabelUpdated", call.scene.now);
  }
  return given;
}

export function removeLabel(call: SessionCall, given: Label): void {
  const { site } = call.session;
  site.labels.given.delete(given.id);
  const asset = assetOf(site, given);
  if (asset === undefined) return;
  if (given.category === certification && asset.certified !== undefined) asset.certified.isCertified = false;
  tell(call.world, site, asset, "LabelDeleted", call.scene.now);
}

/** Takes away the labels and the triggers of something that is deleted. */
export function forgetLabels({ labels }: Site, id: string): void {
  for (const one of labels.given.values()) if (one.asset.id === id) labels.given.delete(one.id);
  for (const one of labels.triggers.values()) if (one.asset.id === id) labels.triggers.delete(one.id);
}

/** An asset's labels, with the one that says that it is certified when it was certified another way. */
export function labelsOf(site: Site, asset: Asset): Label[] {
  const given = site.labels.given
    .values()
    .filter((one) => one.asset.id === asset.id)
    .toArray();
  const isCertified = asset.certified?.isCertified ?? false;
  const certificate = given.find((one) => one.category === certification);
  if (isCertified === (certificate?.isActive ?? false) || asset.certified === undefined) return given;
  if (!isCertified) {
    if (certificate !== undefined) site.labels.given.delete(certificate.id);
    return given.filter((one) => one !== certificate);
  }
  const value = findValue(site, "Certified");
  if (value === undefined || certificate !== undefined) return given;
  const id = luidOf(site.contentUrl, "certification", asset.id);
  const made = { ...newLabel(asset, value, asset.owner, site.createdAt), id };
  site.labels.given.set(id, made);
  return [...given, made];
}

function newLabel({ type, id }: Asset, value: LabelValue, author: User, now: number): Label {
  return {
    id: randomUUID(),
    asset: { type, id },
    value: value.name,
    category: value.category,
    message: "",
    isActive: true,
    isElevated: value.isElevatedByDefault,
    author,
    createdAt: now,
    updatedAt: now,
  };
}

function certify({ certified }: Asset, { category, isActive }: Label): void {
  if (category === certification && certified !== undefined) certified.isCertified = isActive;
}

/** Webhooks know labels of published data sources only; what they tell of is the data source. */
function tell(
  { events }: World,
  site: Site,
  { type, id, name }: Asset,
  event: "LabelCreated" | "LabelUpdated" | "LabelDeleted",
  at: number,
): void {
  if (type === "datasource") events.emit({ name: event, site, resource: "DATASOURCE", item: { id, name }, at });
}
