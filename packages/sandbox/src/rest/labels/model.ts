import type { User } from "../users/model.ts";

/** What may carry a label, as paths and requests name it (in any letter case). */
export const assetTypes = [
  "database",
  "table",
  "column",
  "datasource",
  "flow",
  "virtualConnection",
  "virtualConnectionTable",
] as const;

export type AssetType = (typeof assetTypes)[number];

/** A label on one asset. Warnings and certifications are labels too, and have older names of their own. */
export type Label = {
  id: string;
  asset: { type: AssetType; id: string };
  /** The name of a label value of the site. */
  value: string;
  category: string;
  message: string;
  isActive: boolean;
  isElevated: boolean;
  author: User;
  createdAt: number;
  updatedAt: number;
};

/** What a label may say. */
export type LabelValue = {
  name: string;
  category: string;
  description: string;
  isBuiltIn: boolean;
  /** Set by Tableau alone, e.g. when a refresh fails. */
  isInternal: boolean;
  isElevatedByDefault: boolean;
};

export type LabelCategory = { name: string; description: string };

/** Warns by itself about an asset whose refresh or flow fails. */
export type QualityTrigger = {
  id: string;
  asset: Label["asset"];
  type: string;
  isActive: boolean;
  isSevere: boolean;
  message: string;
  author: User;
  createdAt: number;
  updatedAt: number;
};

/** All of a site's labels and what they may be. Each map is bounded, see labels.ts. */
export type Labels = {
  given: Map<string, Label>;
  values: Map<string, LabelValue>;
  categories: Map<string, LabelCategory>;
  triggers: Map<string, QualityTrigger>;
};

export function emptyLabels(): Labels {
  return {
    given: new Map(),
    values: new Map(builtIn.map((value) => [value.name.toLowerCase(), { ...value }])),
    categories: new Map(builtInCategories.map((category) => [category.name, { ...category }])),
    triggers: new Map(),
  };
}

export const certification = "certification";
export const warning = "warning";
export const sensitivity = "sensitivity";

const builtInCategories: readonly LabelCategory[] = [
  { name: certification, description: "Certified assets." },
  { name: sensitivity, description: "How sensitive an asset's data is." },
  { name: warning, description: "What to know of an asset's quality." },
];

/** Tableau help, "Data labels"; internal ones and descriptions are inferred. */
const builtIn: readonly LabelValue[] = [
  builtInValue("Certified", certification),
  builtInValue("Warning", warning),
  builtInValue("Deprecated", warning),
  builtInValue("Stale data", warning),
  builtInValue("Under maintenance", warning),
  builtInValue("Extract refresh failed", warning, { isInternal: true }),
  builtInValue("Flow run failed", warning, { isInternal: true }),
  builtInValue("Sensitive data", sensitivity, { isElevatedByDefault: true }),
];

function builtInValue(name: string, category: string, flags: Partial<LabelValue> = {}): LabelValue {
  const description = `${name}.`;
  return { name, category, description, isBuiltIn: true, isInternal: false, isElevatedByDefault: false, ...flags };
}
