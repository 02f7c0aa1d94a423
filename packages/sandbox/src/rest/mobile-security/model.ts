export const severities = ["critical", "error", "warn"] as const;

/** What a device does of one system when a setting is broken: warn, block, or sign out. */
export type MobilePolicy = { enabled: boolean; severity: (typeof severities)[number]; values: string[] };

/** The names are those of Tableau's Postman collection; inferred: the one for the longest time offline. */
export const mobileSettingNames = [
  "mobile.security.jailbroken_device",
  "mobile.security.malware_detection",
  "mobile.security.max_offline_days",
  "mobile.security.screenshot",
] as const;

/** One thing that Tableau Mobile looks for on the devices of a site's people. */
export type MobileSetting = {
  name: (typeof mobileSettingNames)[number];
  enabled: boolean;
  ios: MobilePolicy;
  android: MobilePolicy;
};

/** What a site has at first (Tableau REST reference, "Mobile Settings Methods"). */
export function usualMobileSecurity(): MobileSetting[] {
  const [jailbroken, malware, offline, screenshot] = mobileSettingNames;
  const critical = (...values: string[]): MobilePolicy => ({ enabled: true, severity: "critical", values });
  const absent: MobilePolicy = { enabled: false, severity: "warn", values: ["false"] };
  return [
    { name: jailbroken, enabled: true, ios: critical("true"), android: critical("true") },
    { name: malware, enabled: true, ios: { ...absent }, android: critical("true") },
    { name: offline, enabled: true, ios: critical("14"), android: critical("14") },
    { name: screenshot, enabled: true, ios: { ...absent }, android: { ...absent, enabled: true, values: ["true"] } },
  ];
}
