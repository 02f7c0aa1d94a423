/** A dashboard extension that may run on a site, by its address. */
export type SafeExtension = { url: string; fullDataAllowed: boolean; promptNeeded: boolean };

/** Which dashboard extensions run on a site, by the names and in the order of Tableau's schema. */
export type SiteExtensions = {
  extensionsEnabled: boolean;
  useDefaultSetting: boolean;
  allowTrusted: boolean;
  includeSandboxed: boolean;
  includeTableauBuilt: boolean;
  includePartnerBuilt: boolean;
  safeList: SafeExtension[];
};

/** Which extensions run on a Tableau Server at all. */
export type ServerExtensions = { isEnabled: boolean; blockList: string[]; areAnalyticsOn: boolean };

/** inferred: what a new site has. */
export function usualExtensions(): SiteExtensions {
  return {
    extensionsEnabled: true,
    useDefaultSetting: true,
    allowTrusted: true,
    includeSandboxed: true,
    includeTableauBuilt: true,
    includePartnerBuilt: true,
    safeList: [],
  };
}
