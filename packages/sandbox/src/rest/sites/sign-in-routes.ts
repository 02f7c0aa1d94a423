import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { Site } from "../../site/site.ts";
import { type Element, list, record } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import type { Route, SessionCall } from "../route.ts";
import type { OpenIdConnect } from "./model.ts";

/** How people may sign in to a site of Tableau Cloud: OpenID Connect, beside Tableau's own way. Never offered to JWTs. */
const shared = { edition: "cloud", jwt: "never", role: "siteAdministrator" } as const;
const oidc = "/sites/{siteId}/site-oidc-configuration";

/** More than these can't be configured (inferred). */
const mostConfigurations = 20;

// The names that public clients send; where the schema has other ones, those are answered.
const texts = ["clientId", "clientSecret", "authorizationEndpoint", "tokenEndpoint", "jwksUri"] as const;
const optionalTexts = [
  "clientAuthentication",
  "customScope",
  "emailMapping",
  "endSessionEndpoint",
  "essentialAcrValues",
  "firstNameMapping",
  "fullNameMapping",
  "knownProviderAlias",
  "lastNameMapping",
  "prompt",
  "voluntaryAcrValues",
] as const;
const flags = ["allowEmbeddedAuthentication", "useFullName"] as const;

const configurationSchema = element({
  siteOIDCConfiguration: z.preprocess(
    (value) => (typeof value === "string" && value.trim() === "" ? {} : value),
    z.record(z.string(), attribute),
  ),
});

export const siteSignInRoutes: readonly Route[] = [
  {
    kind: "session",
    ...shared,
    method: "GET",
    template: "/sites/{siteId}/site-auth-configurations",
    body: "none",
    handle: ({ session }) => answer(configurations(session.site)),
  },
  {
    kind: "session",
    ...shared,
    method: "GET",
    template: `${oidc}/{configurationId}`,
    body: "none",
    handle(call) {
      const found = find(call, call.parameters.configurationId);
      return isRefusal(found) ? found : answer(drawn(found, call));
    },
  },
  {
    kind: "session",
    ...shared,
    method: "GET",
    template: oidc,
    body: "none",
    // inferred: the older path, from when a site had one.
    handle(call) {
      const [first] = call.session.site.settings.openIdConnect.values();
      return first === undefined ? unknown("") : answer(drawn(first, call));
    },
  },
  {
    kind: "session",
    ...shared,
    method: "PUT",
    template: oidc,
    body: "tsRequest",
    handle: (call) => write(call, undefined),
  },
  {
    kind: "session",
    ...shared,
    method: "PUT",
    template: `${oidc}/{configurationId}`,
    body: "tsRequest",
    handle(call) {
      const found = find(call, call.parameters.configurationId);
      return isRefusal(found) ? found : write(call, found);
    },
  },
  {
    kind: "session",
    ...shared,
    method: "PUT",
    template: "/sites/{siteId}/disable-site-oidc-configuration",
    body: "none",
    handle(call) {
      const found = find(call, call.query.get("idpConfigurationId") ?? undefined);
      if (isRefusal(found)) return found;
      call.session.site.settings.openIdConnect.delete(found.id);
      return done;
    },
  },
];

function find({ session }: SessionCall, id = ""): OpenIdConnect | Refusal {
  return session.site.settings.openIdConnect.get(id.toLowerCase()) ?? unknown(id);
}

function unknown(id: string): Refusal {
  return refuse("404040", `There is no OpenID Connect configuration '${id}'.`);
}

function write({ session, content, scene }: SessionCall, known: OpenIdConnect | undefined): Reply | Refusal {
  const request = read(configurationSchema, content);
  if (isRefusal(request)) return request;
  const sent = request.siteOIDCConfiguration;
  const userinfoEndpoint = sent.userinfoEndpoint ?? sent.userInfoEndpoint;
  const missing = [...texts, "userinfoEndpoint"].find(
    (name) => !(name === "userinfoEndpoint" ? userinfoEndpoint : sent[name]),
  );
  if (missing !== undefined) return refuse("400003", `The configuration must have the attribute ${missing}.`);
  const all = session.site.settings.openIdConnect;
  if (known === undefined && all.size >= mostConfigurations)
    return refuse("400003", "There are too many configurations.");
  const attributes: OpenIdConnect["attributes"] = { ...known?.attributes, userinfoEndpoint: userinfoEndpoint ?? "" };
  // The secret is taken and kept nowhere: nobody signs in with it here.
  const kept = [...texts, ...optionalTexts].filter((name) => name !== "clientSecret");
  for (const name of kept) if (sent[name] !== undefined) attributes[name] = sent[name];
  for (const name of flags) if (sent[name] !== undefined) attributes[name] = sent[name].toLowerCase() === "true";
  const configuration: OpenIdConnect = {
    id: known?.id ?? randomUUID(),
    name: sent.idpConfigurationName ?? sent.name ?? known?.name ?? "OpenID Connect",
    enabled: sent.enabled === undefined ? (known?.enabled ?? true) : sent.enabled.toLowerCase() === "true",
    attributes,
  };
  all.set(configuration.id, configuration);
  return answer(drawn(configuration, { scene }));
}

function drawn({ id, name, enabled, attributes }: OpenIdConnect, { scene }: Pick<SessionCall, "scene">): Element {
  return record("siteOIDCConfiguration", {
    ...attributes,
    clientSecret: "omit", // never shown again, as public clients' tests show it
    enabled,
    idpConfigurationId: id,
    idpConfigurationName: name,
    testLoginUrl: `${scene.origin}/public/testLogin?idpConfigurationId=${id}`,
  });
}

function configurations({ settings }: Site): Element {
  const drawn = Array.from(settings.openIdConnect.values(), ({ id, name, enabled, attributes }) =>
    record("siteAuthConfiguration", {
      authSetting: "OpenID", // the schema's word
      enabled,
      idpConfigurationId: id,
      idpConfigurationName: name,
      knownProviderAlias: attributes.knownProviderAlias,
    }),
  );
  return list("siteAuthConfigurations", "siteAuthConfiguration", drawn);
}
