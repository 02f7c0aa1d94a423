import { type AnalyticsExtensions, usualAnalyticsExtensions } from "../../extensions/model.ts";
import { type MobileSetting, usualMobileSecurity } from "../mobile-security/model.ts";
import { type SiteExtensions, usualExtensions } from "./extensions.ts";

/** How a site is set up. Plain data, as all of a site. */
export type SiteSettings = {
  /** By the names of Tableau's schema (siteType); those that are not here are not shown. */
  attributes: Record<string, string | number | boolean>;
  embedding: { unrestrictedEmbedding: boolean; allowList: string };
  extensions: SiteExtensions;
  analyticsExtensions: AnalyticsExtensions;
  mobileSecurity: MobileSetting[];
  /** Overrides for Tableau MCP. */
  mcp: { key: string; value: string }[];
  /** How people sign in beside Tableau's own way: OpenID Connect configurations, by id. */
  openIdConnect: Map<string, OpenIdConnect>;
  /** What each user viewed last, by user id: the newest first, at most `mostRecent`. */
  recent: Map<string, string[]>;
};

/** An OpenID Connect configuration, by the names of Tableau's schema (siteOIDCConfigurationType). */
export type OpenIdConnect = {
  id: string;
  name: string;
  enabled: boolean;
  attributes: Record<string, string | boolean>;
};

/** Views that are remembered as recently viewed by one user. inferred: how many. */
export const mostRecent = 12;

/** How an attribute of a site is written, and what it is on a new site. Without `usual` it is shown once it is set. */
export type SiteAttribute = {
  name: string;
  type: "boolean" | "integer" | "string" | readonly string[];
  usual?: string | number | boolean;
};

const on = (name: string): SiteAttribute => ({ name, type: "boolean", usual: true });
const off = (name: string): SiteAttribute => ({ name, type: "boolean", usual: false });

/**
 * The attributes that can be set, from Tableau's schema (siteType); which of them a site shows is what answers in
 * public clients' tests show. Of `askDataMode` the schema knows no value that is on.
 */
export const siteAttributes: readonly SiteAttribute[] = [
  { name: "adminMode", type: ["ContentAndUsers", "ContentOnly"], usual: "ContentAndUsers" },
  on("allowSubscriptionAttachments"),
  { name: "askDataMode", type: ["DisabledAlways", "DisabledByDefault"], usual: "DisabledByDefault" },
  off("attributeCaptureEnabled"),
  on("authoringEnabled"),
  on("autoSuspendRefreshEnabled"),
  { name: "autoSuspendRefreshInactivityWindow", type: "integer", usual: 30 },
  on("cacheWarmupEnabled"),
  off("catalogObfuscationEnabled"),
  on("catalogingEnabled"),
  on("commentingEnabled"),
  on("commentingMentionsEnabled"),
  { name: "customSubscriptionEmail", type: "string" },
  off("customSubscriptionEmailEnabled"),
  { name: "customSubscriptionFooter", type: "string" },
  off("customSubscriptionFooterEnabled"),
  { name: "dataAccelerationMode", type: "string" },
  on("dataAlertsEnabled"),
  off("derivedPermissionsEnabled"),
  off("disableSubscriptions"),
  on("dqwSubscriptionsEnabled"),
  on("easEnabled"),
  on("editingFlowsEnabled"),
  on("explainDataEnabled"),
  { name: "extractEncryptionMode", type: ["disabled", "enabled", "enforced"], usual: "enabled" },
  on("flowAutoSaveEnabled"),
  on("flowsEnabled"),
  on("groupSetsEnabled"),
  off("guestAccessEnabled"),
  on("linkedTaskRunNowEnabled"),
  on("linkedTaskSchedulingEnabled"),
  off("mfaEnforcementExemption"),
  off("mobileBiometricsEnabled"),
  on("namedSharingEnabled"),
  on("notifySiteAdminsOnThrottle"),
  on("personalSpaceEnabled"),
  { name: "personalSpaceStorageQuota", type: "integer" },
  on("pulseEnabled"),
  on("requestAccessEnabled"),
  on("revisionHistoryEnabled"),
  { name: "revisionLimit", type: "integer", usual: 25 },
  on("runNowEnabled"),
  on("schedulingFlowsEnabled"),
  on("selfServiceScheduleForRefreshEnabled"),
  on("sheetImageEnabled"),
  { name: "state", type: ["Active", "Suspended"], usual: "Active" },
  { name: "storageQuota", type: "integer" },
  on("subscribeOthersEnabled"),
  { name: "tierCreatorCapacity", type: "integer" },
  { name: "tierExplorerCapacity", type: "integer" },
  { name: "tierViewerCapacity", type: "integer" },
  { name: "timeZone", type: "string", usual: "UTC" },
  on("useDefaultTimeZone"),
  { name: "userQuota", type: "integer" },
  { name: "userVisibilityMode", type: ["FULL", "LIMITED"], usual: "FULL" },
  off("webExtractionEnabled"),
];

export function usualSettings(): SiteSettings {
  const set = siteAttributes.flatMap(({ name, usual }) => (usual === undefined ? [] : [[name, usual] as const]));
  return {
    attributes: Object.fromEntries(set),
    embedding: { unrestrictedEmbedding: true, allowList: "" },
    extensions: usualExtensions(),
    analyticsExtensions: usualAnalyticsExtensions(),
    mobileSecurity: usualMobileSecurity(),
    mcp: [],
    openIdConnect: new Map(),
    recent: new Map(),
  };
}
