import type { OutboundAnswer, ProviderError, SignInRequest, SignInResult, TrustKind } from "@easel/connector";
import { readError } from "./answers.ts";
import type { SignInForm } from "./methods.ts";
import { problem } from "./problems.ts";
import { editionOf, hostOf } from "./server-url.ts";

/**
 * Reads Tableau's own refusal of a sign-in. It answers 401001 for nearly everything, a wrong site included, and puts
 * the cause of a connected app's refusal as a number into the detail.
 */
export function refusalOf(
  form: SignInForm,
  request: SignInRequest,
  answer: Extract<OutboundAnswer, { kind: "answered" }>,
): SignInResult {
  const error = readError(answer.status, answer.body);
  const host = hostOf(request.serverUrl);
  switch (answer.status) {
    case 401:
      return form === "pat" || form === "password"
        ? typedRefusal(form, request, error)
        : trustRefusal(form, request, error);
    case 403:
      return person("tableau_sign_in_denied", { summary: error.summary.replace(/\.$/, "") }, error);
    case 404:
      return person("tableau_site_unknown", { host, site: siteInWords(request.site) }, error);
    default:
      return {
        kind: "failed",
        problem: problem("tableau_server_error", { host, status: String(answer.status) }, error),
      };
  }
}

function siteInWords(site: string): string {
  return site === "" ? "a default site" : `the site ${site}`;
}

function typedRefusal(form: "pat" | "password", { serverUrl }: SignInRequest, error: ProviderError): SignInResult {
  if (form === "password" && editionOf(serverUrl) === "cloud") return person("tableau_password_refused", {}, error);
  const tried = form === "pat" ? "token name, the token secret or the site" : "user name, the password or the site";
  return person("tableau_sign_in_refused", { tried }, error);
}

/** Causes that concern the trust itself, and so everyone who signs in through it. */
const trustCauses: Readonly<Record<TrustKind, Readonly<Record<number, string>>>> = {
  connectedApp: {
    126: "there is no app with this client ID",
    127: "the app has no secret with this secret ID",
    128: "the app has more than two secrets",
    10085: "the app has no secret with this secret ID",
    10089: "there is no app with this client ID",
    10090: "the app is switched off",
  },
  issuer: {
    10081: "Tableau could not read the issuer's address",
    10082: "this issuer is not registered at the site",
    10085: "Tableau found no key at the issuer's address that it could check the sign-in with",
    10088: "the issuer's key is too short",
    10089: "this issuer is not registered at the site",
    10090: "the issuer is switched off",
  },
  // One number for everything that is wrong with the token (public clients; inferred: it is never about one person).
  uat: { 101002: "the configuration in Tableau Cloud Manager, its key, its tenant or its scopes do not fit" },
};
const userUnknown = 5;

function trustRefusal(kind: TrustKind, { fields }: SignInRequest, error: ProviderError): SignInResult {
  const { username = "", issuer = "" } = fields;
  const cause = subCode(error);
  const reason = cause === null ? undefined : trustCauses[kind][cause];
  if (reason !== undefined) {
    const refused =
      kind === "issuer"
        ? problem("tableau_issuer_refused", { reason, issuer }, error)
        : problem(kind === "uat" ? "tableau_uat_refused" : "tableau_app_refused", { reason }, error);
    return { kind: "refused", concerns: "app", problem: refused };
  }
  if (cause === userUnknown) return person("tableau_user_unknown", { username }, error);
  if (kind === "connectedApp") return person("tableau_keys_refused", { username }, error);
  return person("tableau_trust_refused", { username, issuer }, error);
}

/**
 * The number behind a 401001, e.g. 16 in `Error signing in to Tableau (16)`. Only in brackets or after the word code:
 * a user's name may hold digits too.
 */
function subCode({ summary, detail }: ProviderError): number | null {
  const said = `${summary} ${detail}`;
  const found = /\((\d{1,6})\)|\bcode\b\W{0,3}(\d{1,6})\b|\berrorCode\W{1,3}(\d{1,6})\b/i.exec(said);
  const digits = found?.[1] ?? found?.[2] ?? found?.[3];
  return digits === undefined ? null : Number(digits);
}

function person(
  code:
    | "tableau_sign_in_refused"
    | "tableau_password_refused"
    | "tableau_sign_in_denied"
    | "tableau_site_unknown"
    | "tableau_user_unknown"
    | "tableau_keys_refused"
    | "tableau_trust_refused",
  params: Readonly<Record<string, string>>,
  error: ProviderError,
): SignInResult {
  return { kind: "refused", concerns: "person", problem: problem(code, params, error) };
}
