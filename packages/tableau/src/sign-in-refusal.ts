import type { OutboundAnswer, ProviderError, SignInRequest, SignInResult } from "@easel/connector";
import { readError } from "./answers.ts";
import type { MethodId } from "./methods.ts";
import { problem } from "./problems.ts";
import { hostOf } from "./server-url.ts";

/**
 * Reads Tableau's own refusal of a sign-in. It answers 401001 for nearly everything, a wrong site included, and puts
 * the cause of a connected app's refusal as a number into the detail.
 */
export function refusalOf(
  method: MethodId,
  request: SignInRequest,
  answer: Extract<OutboundAnswer, { kind: "answered" }>,
): SignInResult {
  const error = readError(answer.status, answer.body);
  const host = hostOf(request.serverUrl);
  switch (answer.status) {
    case 401:
      return method === "connectedApp" ? appRefusal(request, error) : typedRefusal(method, error);
    case 403:
      return person("tableau_sign_in_denied", { summary: error.summary.replace(/\.+$/, "") }, error);
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

function typedRefusal(method: "pat" | "password", error: ProviderError): SignInResult {
  const tried = method === "pat" ? "token name, the token secret or the site" : "user name, the password or the site";
  return person("tableau_sign_in_refused", { tried }, error);
}

/** Causes that concern the connected app itself, and so everyone who signs in through it. */
const appCauses: Readonly<Record<number, string>> = {
  126: "there is no app with this client ID",
  127: "the app has no secret with this secret ID",
  128: "the app has more than two secrets",
  10085: "the app has no secret with this secret ID",
  10089: "there is no app with this client ID",
  10090: "the app is switched off",
};
const userUnknown = 5;

function appRefusal({ fields }: SignInRequest, error: ProviderError): SignInResult {
  const username = fields.username ?? "";
  const cause = subCode(error);
  const reason = cause === null ? undefined : appCauses[cause];
  if (reason !== undefined) {
    return { kind: "refused", concerns: "app", problem: problem("tableau_app_refused", { reason }, error) };
  }
  if (cause === userUnknown) return person("tableau_user_unknown", { username }, error);
  return person("tableau_keys_refused", { username }, error);
}

/**
 * The number behind a 401001, e.g. 16 in `Error signing in to Tableau (16)`. Only in brackets or after the word code:
 * a user's name may hold digits too.
 */
function subCode({ summary, detail }: ProviderError): number | null {
  const said = `${summary} ${detail}`;
  const found = /\((\d{1,5})\)|\bcode\b\W{0,3}(\d{1,5})\b|\berrorCode\W{1,3}(\d{1,5})\b/i.exec(said);
  const digits = found?.[1] ?? found?.[2] ?? found?.[3];
  return digits === undefined ? null : Number(digits);
}

function person(
  code:
    | "tableau_sign_in_refused"
    | "tableau_sign_in_denied"
    | "tableau_site_unknown"
    | "tableau_user_unknown"
    | "tableau_keys_refused",
  params: Readonly<Record<string, string>>,
  error: ProviderError,
): SignInResult {
  return { kind: "refused", concerns: "person", problem: problem(code, params, error) };
}
