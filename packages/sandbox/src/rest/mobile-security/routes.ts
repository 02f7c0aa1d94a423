import * as z from "zod";
import { type Element, list, record, repeated, text } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { attribute, element, flag, read, repeated as several } from "../../wire/request-schema.ts";
import type { Route, SessionCall } from "../route.ts";
import { type MobilePolicy, type MobileSetting, mobileSettingNames, severities, usualMobileSecurity } from "./model.ts";

/** Settings in one request, and values of one of them. */
const mostSettings = 100;

const policy = element({
  enabled: flag.optional(),
  severity: attribute.pipe(z.enum(severities)).optional(),
  valueList: several(attribute.pipe(z.string().max(200)), mostSettings),
});

const schema = element({
  mobileSecuritySettingsList: element({
    mobileSecuritySettings: several(
      element({
        name: attribute,
        enabled: flag,
        iosConfig: policy.optional(),
        androidConfig: policy.optional(),
      }),
      mostSettings,
    ),
  }),
});

const path = "/settings/mobilesecuritysettings";
const shared = { kind: "session", role: "siteAdministrator" } as const;

/** What Tableau Mobile looks for on people's devices (Tableau REST reference, "Mobile Settings Methods"). */
export const mobileSecurityRoutes: readonly Route[] = [
  {
    ...shared,
    method: "GET",
    template: path,
    body: "none",
    edition: "server",
    role: "serverAdministrator",
    jwt: "never",
    // What every site has before it is changed: it can't be changed for the whole server by this API.
    handle: () => answer(settingsElement(usualMobileSecurity())),
  },
  {
    ...shared,
    method: "GET",
    template: `/sites/{siteId}${path}`,
    body: "none",
    jwt: "tableau:mobile_security_site_settings:read",
    handle: ({ session }: SessionCall) => answer(settingsElement(session.site.settings.mobileSecurity)),
  },
  {
    ...shared,
    method: "PUT",
    template: `/sites/{siteId}${path}`,
    body: "tsRequest",
    jwt: "never",
    handle: update,
  },
];

/** Those settings that are named are changed. */
function update({ session, content }: SessionCall): Reply | Refusal {
  const request = read(schema, content);
  if (isRefusal(request)) return request;
  const { settings } = session.site;
  const changed = new Map(settings.mobileSecurity.map((setting) => [setting.name, setting]));
  for (const { name, enabled, iosConfig, androidConfig } of request.mobileSecuritySettingsList.mobileSecuritySettings) {
    const known = mobileSettingNames.find((one) => one === name);
    const before = known && changed.get(known);
    if (before === undefined) return refuse("400003", `There is no mobile security setting '${name}'.`);
    const ios = changedPolicy(before.ios, iosConfig);
    const android = changedPolicy(before.android, androidConfig);
    changed.set(before.name, { name: before.name, enabled, ios, android });
  }
  settings.mobileSecurity = Array.from(changed.values());
  return answer(settingsElement(settings.mobileSecurity));
}

function changedPolicy(before: MobilePolicy, written: z.output<typeof policy> | undefined): MobilePolicy {
  if (written === undefined) return before;
  const { enabled = before.enabled, severity = before.severity, valueList } = written;
  return { enabled, severity, values: valueList.length === 0 ? before.values : valueList };
}

function settingsElement(settings: readonly MobileSetting[]): Element {
  const drawn = settings.map(({ name, enabled, ios, android }) =>
    record("mobileSecuritySettings", { name, enabled }, [
      policyElement("iosConfig", ios),
      policyElement("androidConfig", android),
    ]),
  );
  return list("mobileSecuritySettingsList", "mobileSecuritySettings", drawn);
}

function policyElement(name: string, { enabled, severity, values }: MobilePolicy): Element {
  const valueList = values.map((value) => text("valueList", value));
  return record(name, { severity, enabled }, [repeated("valueList", valueList)]);
}
