import type { Moment } from "../jobs/effects.ts";

/** Extracts that are to be made or removed. `within` are ids of a workbook's own data sources. */
export type ExtractsChange = { hasExtract: boolean; encrypt: boolean; within: string[] };

/** Effect: a workbook or a data source has its extracts, or has them no longer. */
export function extractsChanged({ job, at }: Moment, { hasExtract, encrypt, within }: ExtractsChange): void {
  const { target } = job;
  if (target?.type !== "workbook" && target?.type !== "datasource") return;
  const { item } = target;
  if ("views" in item) {
    for (const embedded of item.datasources) if (within.includes(embedded.id)) embedded.hasExtract = hasExtract;
    item.hasExtracts = item.datasources.some((embedded) => embedded.hasExtract);
  } else {
    item.hasExtracts = hasExtract;
  }
  if (hasExtract) item.encryptExtracts = encrypt;
  item.updatedAt = at;
}
