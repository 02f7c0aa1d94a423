import { type Attribute, type Child, child, detail, type Resource } from "../../query/description.ts";
import { record } from "../../wire/element.ts";
import { userResource } from "../users/resource.ts";
import type { Label, LabelCategory, LabelValue, QualityTrigger } from "./model.ts";
import { warningTypeOf } from "./warning-types.ts";

const site: Child<object> = detail("site", (_item, scene) => record("site", { id: scene.site.id }));

const owner: Child<Label> = child(
  "owner",
  () => userResource,
  (label) => label.author,
  { shown: ["id"] },
);

/** What a label tells under each of its names but its content type, whose letter case differs. */
const told: readonly Attribute<Label>[] = [
  { name: "id", type: "luid", from: (label) => label.id },
  { name: "userDisplayName", type: "string", from: ({ author }) => author.fullName },
  { name: "contentId", type: "luid", from: ({ asset }) => asset.id },
  { name: "message", type: "string", from: (label) => label.message },
  { name: "createdAt", type: "dateTime", from: (label) => label.createdAt },
  { name: "updatedAt", type: "dateTime", from: (label) => label.updatedAt },
];

/** Upper case, as in Tableau's answers; for labels lower case (inferred from the requests of public clients). */
const upperType = (label: { asset: Label["asset"] }): string => label.asset.type.toUpperCase();

export const labelResource: Resource<Label> = {
  element: "label",
  plural: "labelList",
  attributes: [
    ...told,
    { name: "contentType", type: "string", from: ({ asset }) => asset.type.toLowerCase() },
    { name: "value", type: "string", from: (label) => label.value },
    { name: "category", type: "string", from: (label) => label.category },
    { name: "active", type: "boolean", from: (label) => label.isActive },
    { name: "elevated", type: "boolean", from: (label) => label.isElevated },
  ],
  children: [site, owner],
};

export const warningResource: Resource<Label> = {
  element: "dataQualityWarning",
  plural: "dataQualityWarningList",
  attributes: [
    ...told,
    { name: "contentType", type: "string", from: upperType },
    { name: "type", type: "string", from: warningTypeOf },
    { name: "isActive", type: "boolean", from: (label) => label.isActive },
    { name: "isSevere", type: "boolean", from: (label) => label.isElevated },
  ],
  children: [site, owner],
};

export const indicatorResource: Resource<Label> = {
  element: "dataQualityIndicator",
  plural: "dataQualityIndicatorList",
  attributes: [
    ...told,
    { name: "contentType", type: "string", from: upperType },
    { name: "type", type: "string", from: warningTypeOf },
    { name: "active", type: "boolean", from: (label) => label.isActive },
    { name: "elevated", type: "boolean", from: (label) => label.isElevated },
  ],
  children: [site, owner],
};

export const triggerResource: Resource<QualityTrigger> = {
  element: "dataQualityTrigger",
  plural: "dataQualityTriggerList",
  attributes: [
    { name: "id", type: "luid", from: (trigger) => trigger.id },
    { name: "siteId", type: "luid", from: (_trigger, scene) => scene.site.id },
    { name: "userId", type: "luid", from: ({ author }) => author.id },
    { name: "userDisplayName", type: "string", from: ({ author }) => author.fullName },
    { name: "contentId", type: "luid", from: ({ asset }) => asset.id },
    { name: "contentType", type: "string", from: upperType },
    { name: "type", type: "string", from: (trigger) => trigger.type },
    { name: "message", type: "string", from: (trigger) => trigger.message },
    { name: "active", type: "boolean", from: (trigger) => trigger.isActive },
    { name: "severe", type: "boolean", from: (trigger) => trigger.isSevere },
    { name: "createdAt", type: "dateTime", from: (trigger) => trigger.createdAt },
    { name: "updatedAt", type: "dateTime", from: (trigger) => trigger.updatedAt },
  ],
};

export const valueResource: Resource<LabelValue> = {
  element: "labelValue",
  plural: "labelValueList",
  attributes: [
    { name: "name", type: "string", from: (value) => value.name },
    { name: "category", type: "string", from: (value) => value.category },
    { name: "description", type: "string", from: (value) => value.description },
    { name: "builtIn", type: "boolean", from: (value) => value.isBuiltIn },
    { name: "internal", type: "boolean", from: (value) => value.isInternal },
    { name: "elevatedDefault", type: "boolean", from: (value) => value.isElevatedByDefault },
  ],
  children: [site],
};

export const categoryResource: Resource<LabelCategory> = {
  element: "labelCategory",
  plural: "labelCategoryList",
  attributes: [
    { name: "name", type: "string", from: (category) => category.name },
    { name: "description", type: "string", from: (category) => category.description },
  ],
};
