/** What a site's workbooks can send calculations to, and whether they may. */
export type AnalyticsExtensions = {
  isEnabled: boolean;
  /** By id; bounded: see analytics-routes.ts. */
  connections: Map<string, AnalyticsConnection>;
  /** Which connection a workbook uses, by workbook id. */
  selected: Map<string, string>;
};

export const connectionTypes = ["TABPY", "RSERVE", "EINSTEIN_DISCOVERY", "GENERIC_API"] as const;

/** A service that calculates, e.g. a TabPy server. Its password is taken and never kept. */
export type AnalyticsConnection = {
  id: string;
  name: string;
  type: (typeof connectionTypes)[number];
  host: string;
  port: number;
  isAuthEnabled: boolean;
  username: string;
  isSslEnabled: boolean;
};

export function usualAnalyticsExtensions(): AnalyticsExtensions {
  return { isEnabled: true, connections: new Map(), selected: new Map() };
}
