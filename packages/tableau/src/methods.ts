import type { SignInMethod, SignInRequest, TrustKind } from "@easel/connector";
import { editionOf } from "./server-url.ts";

/** The ways to sign in, the best first: a connected app leaves nothing to type, a token works wherever tokens are on. */
export const methods = [
  {
    id: "connectedApp",
    title: "Connected app",
    description: "Signs you in as yourself with keys that your Tableau site gave to this product. Nothing to type.",
    fields: [],
    usesTrust: true,
    exclusive: false,
    scoped: true,
  },
  {
    id: "pat",
    title: "Personal access token",
    description: "A token that you create in your Tableau account settings, for this product alone.",
    fields: [
      {
        id: "tokenName",
        title: "Token name",
        secret: false,
        help: "In Tableau: your picture, My Account Settings, Personal Access Tokens.",
      },
      {
        id: "tokenSecret",
        title: "Token secret",
        secret: true,
        help: "Tableau shows it once, when the token is created.",
      },
    ],
    usesTrust: false,
    exclusive: true,
    scoped: false,
    expires: true,
    // Tableau help, "Personal Access Tokens": unused for 15 consecutive days.
    lapsesAfterDays: 15,
  },
  {
    id: "password",
    title: "User name and password",
    description: "The name and password that you type at Tableau Server.",
    fields: [
      { id: "username", title: "User name", secret: false },
      { id: "password", title: "Password", secret: true },
    ],
    usesTrust: false,
    exclusive: false,
    scoped: false,
    // Tableau Cloud refuses it where an account has a second factor, which is nearly everywhere (Tableau help, "Multi-Factor
    // Authentication and Tableau Cloud").
    editions: ["server"],
  },
] as const satisfies readonly SignInMethod[];

export type MethodId = (typeof methods)[number]["id"];

/** Throws on another method: the platform offers only those above. */
export function methodIdOf(method: string): MethodId {
  switch (method) {
    case "connectedApp":
    case "pat":
    case "password":
      return method;
    default:
      throw new Error(`Tableau has no sign-in method ${method}`);
  }
}

/** How a sign-in is proven: by what a person typed, or by one of the kinds of trust. */
export type SignInForm = Exclude<MethodId, "connectedApp"> | TrustKind;

export function formOf(request: Pick<SignInRequest, "method" | "trustKind">): SignInForm {
  const method = methodIdOf(request.method);
  return method === "connectedApp" ? (request.trustKind ?? "connectedApp") : method;
}

interface NeededField {
  readonly id: string;
  readonly inWords: string;
}

const signingKeyFields = [
  { id: "issuer", inWords: "the issuer" },
  { id: "keyId", inWords: "the key's id" },
  { id: "privateKey", inWords: "the private key" },
];

/** The fields that a sign-in can't do without; those of a trust come from it, all but the user name. */
export const neededFields: Readonly<Record<SignInForm, readonly NeededField[]>> = {
  connectedApp: [
    { id: "clientId", inWords: "the connected app's client ID" },
    { id: "secretId", inWords: "the connected app's secret ID" },
    { id: "secretValue", inWords: "the connected app's secret value" },
    { id: "username", inWords: "the Tableau user name" },
  ],
  issuer: [...signingKeyFields, { id: "username", inWords: "the Tableau user name" }],
  uat: [
    ...signingKeyFields,
    { id: "tenantId", inWords: "the tenant's id" },
    { id: "usernameClaim", inWords: "the claim of the user name" },
    { id: "username", inWords: "the Tableau user name" },
  ],
  pat: [
    { id: "tokenName", inWords: "the token name" },
    { id: "tokenSecret", inWords: "the token secret" },
  ],
  password: [
    { id: "username", inWords: "the user name" },
    { id: "password", inWords: "the password" },
  ],
};

/** Scopes in one order, each once: the same permissions are the same session. */
export function sortedScopes(scopes: readonly string[]): readonly string[] {
  return [...new Set(scopes)].sort();
}

/** Sites of Tableau Cloud move from pod to pod, and their tokens with them: a token is the same at each address. */
function homeOf(serverUrl: string): string {
  return editionOf(serverUrl) === "cloud" ? "https://online.tableau.com" : serverUrl;
}

/**
 * What makes two sign-ins the same. A personal access token has one live session in the world, whatever the site, so
 * the site is no part of it (Tableau REST reference, "Personal access tokens"); a connected app's session is limited
 * to its scopes, so they are.
 */
export function identityOf(request: SignInRequest): readonly string[] {
  const form = formOf(request);
  const field = (id: string) => request.fields[id] ?? "";
  const byTrust = (...keys: readonly string[]) => [
    request.serverUrl,
    form,
    request.site,
    field("username"),
    sortedScopes(request.scopes).join(" "),
    ...keys.map(field),
  ];
  switch (form) {
    case "pat":
      return [homeOf(request.serverUrl), form, field("tokenName"), field("tokenSecret")];
    case "password":
      return [request.serverUrl, form, request.site, field("username"), field("password")];
    case "connectedApp":
      return byTrust("clientId", "secretId", "secretValue");
    case "issuer":
      return byTrust("issuer", "privateKey");
    case "uat":
      return byTrust("issuer", "tenantId", "usernameClaim", "privateKey");
  }
}
