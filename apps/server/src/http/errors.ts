import type { Problem, ProblemText, ProviderError } from "@easel/connector";
import { clientProblems } from "./client-problems.ts";
import { helpProblems } from "./help-problems.ts";

/**
 * The error table: every error that Easel itself gives, by code. A connector brings its own rows (`Connector.problems`).
 * `{name}` is filled from the error's parameters.
 */
export const platformProblems = {
  // The request.
  not_found: { status: 404, message: "There is nothing at this address.", action: "Check the path and the method." },
  request_malformed: {
    status: 400,
    message: "The request cannot be read: {detail}",
    action: "Correct the request; /manage/v1/openapi.json describes what each address takes.",
  },
  request_too_large: {
    status: 413,
    message: "The request is larger than this address takes ({limit}).",
    action: "Send less. Files go through the proxy, which takes any size.",
  },
  headers_too_large: {
    status: 431,
    message: "The request's address and headers are larger than 64 KB.",
    action: "Send a shorter address, or a user token with fewer claims.",
  },
  request_timeout: {
    status: 408,
    message: "The request did not arrive whole in time.",
    action: "Send it again, without pauses.",
  },
  media_type_unsupported: {
    status: 415,
    message: "This address takes JSON only.",
    action: "Send the body as JSON with Content-Type: application/json.",
  },
  transfer_coding_unsupported: {
    status: 501,
    message: "The body is sent in a transfer coding that Easel does not know ({coding}).",
    action: "Send it with a Content-Length, or with Transfer-Encoding: chunked alone.",
  },
  host_unknown: {
    status: 421,
    message: "This instance does not answer under the name that the Host header gives.",
    action: "Use its own address, or set EASEL_PUBLIC_URL to the address that people use.",
  },
  origin_not_allowed: {
    status: 403,
    message: "The page at {origin} may not use this project.",
    action: "Add the origin to the project's allowed origins.",
  },
  internal: {
    status: 500,
    message: "Something in Easel failed.",
    action: "Try again. If it stays, look up the request id in Easel's log.",
  },
  database_unavailable: {
    status: 503,
    message: "Easel's database cannot be reached right now.",
    action: "Try again in a few seconds.",
  },

  // Who is asking.
  user_token_missing: {
    status: 401,
    message: "The request carries no user token.",
    action: "Send the user token in the header Authorization: Bearer <token>.",
  },
  user_token_malformed: {
    status: 401,
    message: "The user token is not a JWT that Easel can read.",
    action: "Sign a JWT with RS256 or ES256 and send it whole.",
  },
  user_token_expired: {
    status: 401,
    message: "The user token expired at {at}.",
    action: "Mint a new token, and authenticate again.",
  },
  user_token_signature: {
    status: 401,
    message: "No active signing key of this project made the user token.",
    action: "Sign it with the project's private key, and check that the project ID is the one that the key belongs to.",
  },
  user_token_claims: {
    status: 401,
    message: "The user token's claims are not acceptable: {detail}",
    action: "Set sub, iat and exp; exp at most 24 hours after iat; aud, when set, useparagon.com/<project ID>.",
  },
  user_token_permissions: {
    status: 403,
    message: "The user token restricts itself with a permission that Easel does not know: {detail}",
    action: 'Leave the claim out, or use {"integration:*": true}.',
  },
  user_disabled: {
    status: 403,
    message: "This connected user is disabled.",
    action: "A member of the project can enable the user again.",
  },
  api_key_missing: {
    status: 401,
    message: "The request carries no API key.",
    action: "Send an API key in the header Authorization: Bearer <key>; `easel api-key create` makes one.",
  },
  api_key_unknown: {
    status: 401,
    message: "The API key is not valid.",
    action: "Create a new key, or check that it was copied whole.",
  },
  metrics_token: {
    status: 401,
    message: "Metrics are for whoever has their token.",
    action: "Send EASEL_METRICS_TOKEN in the header Authorization: Bearer <token>.",
  },
  role_insufficient: {
    status: 403,
    message: "This API key's role, {role}, may not do this.",
    action: "Use a key with the role {needed}.",
  },
  install_code_unknown: {
    status: 404,
    message: "This link has been used or is older than ten minutes.",
    action: "Go back to the product and connect again.",
  },
  first_run_unknown: {
    status: 404,
    message: "This first-run link has been used or is older than thirty minutes.",
    action: "Run `npm run easel -- invite` for a new one.",
  },

  ...helpProblems,
  ...clientProblems,

  // What is asked for.
  project_unknown: {
    status: 404,
    message: "There is no such project.",
    action: "Copy the project ID from the project's settings.",
  },
  integration_unknown: {
    status: 404,
    message: 'This project has no integration "{integration}".',
    action: "Use the type or the id that GET …/sdk/integrations lists.",
  },
  integration_inactive: {
    status: 409,
    message: "The integration is not active in this project.",
    action: "A member of the project can switch it on.",
  },
  credential_none: {
    status: 409,
    message: "This user has not connected a Tableau account.",
    action: 'Let the user connect: paragon.connect("tableau").',
  },
  credential_ambiguous: {
    status: 409,
    message: "This user has several Tableau accounts, and the request does not say which: {choices}",
    action: "Name one in the header X-Paragon-Credential, or by selectedCredentialId.",
  },
  credential_unknown: {
    status: 404,
    message: "This user has no credential {credential}.",
    action: "Use an id or external id that GET …/sdk/me lists.",
  },
  credential_invalid: {
    status: 409,
    message: "This Tableau account needs to be connected again: {reason}",
    action: 'Let the user reconnect: paragon.connect("tableau").',
  },
  credential_fields: {
    status: 422,
    message: "The sign-in details are not complete: {detail}",
    action: "Fill in what is missing and connect again.",
  },
  credential_busy: {
    status: 503,
    message: "Another process is signing in with this account and has not finished.",
    action: "Send the request again.",
  },
  server_fixed: {
    status: 422,
    message: "This project connects to {server} only.",
    action: "Connect to that address.",
  },
  method_not_offered: {
    status: 422,
    message: "This project does not offer the sign-in method {method}.",
    action: "Use one of: {offered}.",
  },
  method_not_here: {
    status: 422,
    message: "This project does not offer to sign in by {method} at {server}.",
    action:
      "Connect with a personal access token instead; a member of the project can name this method in the settings.",
  },
  pat_on_other_site: {
    status: 409,
    message: "This personal access token is connected to another Tableau site already.",
    action: "Tableau lets a token have one session at a time, so create a second token for this site.",
  },
  import_unfinished: {
    status: 503,
    message: "The import took too long, and this credential was not tried.",
    action: "Send the import again: what was connected stays so, and fewer at once come to their end.",
  },
  sign_in_throttled: {
    status: 429,
    message: "Too many sign-ins were tried for this account or server.",
    action: "Wait as long as Retry-After says and try again.",
  },

  // Limits on calls.
  limit_reached: {
    status: 429,
    message: "{who} has reached a limit that is set in Easel: {limit}.",
    action: "Send the call again in {seconds} s. A member of the project can change the limit (docs/limits.md).",
  },
  server_busy: {
    status: 503,
    message: "{server} has {limit} calls under way, as many as Easel sends one server, and others wait already.",
    action: "Send the call again in a moment, and send fewer at a time.",
  },
  server_unavailable: {
    status: 503,
    message: "{server} does not answer, so Easel holds calls back from it.",
    action: "Send the call again in {seconds} s: then Easel looks whether the server is back.",
  },

  usage_range_too_long: {
    status: 422,
    message: "Totals by the hour are for 7 days at most, others for a year.",
    action: "Ask for a shorter time with from and to, or by the day.",
  },
  usage_too_much: {
    status: 422,
    message: "There are more calls in this time than can be looked through at once.",
    action: "Ask for a shorter time with from and to, or for one user, credential or route.",
  },

  // The project's trust.
  trust_missing: {
    status: 422,
    message: "There is no Tableau connected app, or other trust, to sign in with.",
    action:
      "Fill in Client ID, Client Secret and Client Secret Value in the integration's settings, or let the organisation's administrator set Tableau up.",
  },
  trust_development_keys: {
    status: 409,
    message: "Client ID and Client Secret are blank, and this instance has no development keys.",
    action: "Fill in the keys of your own Tableau connected app in the integration's settings.",
  },
  trust_other_server: {
    status: 422,
    message: "The trust that signs this person in belongs to another Tableau site, {trusted}.",
    action: "Connect to that site, or use a personal access token for this one.",
  },
  trust_user_unnamed: {
    status: 422,
    message: "The user token does not say which Tableau user this person is.",
    action: "Add the claim {claim} with the person's Tableau user name to the user token.",
  },
  trust_broken: {
    status: 409,
    message: "The trust that signs people in at this Tableau site no longer works: {reason}",
    action:
      "Whoever set it up can renew it: a member of the project in the integration's settings, or the organisation's administrator.",
  },
  trust_without_secrets: {
    status: 409,
    message: "This trust is no connected app, so it has no secrets that could be rotated.",
    action: "Set it up again to renew it.",
  },
  trust_second_secret_missing: {
    status: 409,
    message: "There is no second secret to switch to.",
    action: "Create one at Tableau, in the connected app, and add it here first.",
  },
  trust_secret_known: {
    status: 409,
    message: "This is the secret that signs already.",
    action: "Create a second secret at Tableau, in the same connected app, and add that one.",
  },
  trust_private_key: {
    status: 422,
    message: "The private key can't be used: {detail}",
    action: "Give an RSA key of at least 2048 bits, as PEM (PKCS8).",
  },
  organisation_unnamed: {
    status: 422,
    message: "The user token does not name the organisation of this person.",
    action: "Add the claim {claim} to the user token, with the organisation's id or name in your product.",
  },
  organisation_admin_only: {
    status: 403,
    message: "Only an administrator of the organisation can set Tableau up for it.",
    action: 'The product says who that is, by the claim "tableau.admin": true in the user token.',
  },
  public_key_taken: {
    status: 409,
    message: "This public key belongs to a signing key already.",
    action: "Use a key pair of its own for each project.",
  },
} as const satisfies Record<string, ProblemText>;

export type PlatformCode = keyof typeof platformProblems;

/** An error that someone outside can act on. Everything else that is thrown is a bug, and is logged as one. */
export class EaselError extends Error {
  readonly code: string;
  readonly status: number;
  readonly action: string;
  readonly providerError: ProviderError | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    text: ProblemText,
    extra: { providerError?: ProviderError; headers?: Record<string, string> } = {},
  ) {
    super(text.message);
    this.name = "EaselError";
    this.code = code;
    this.status = text.status;
    this.action = text.action;
    this.providerError = extra.providerError ?? null;
    this.headers = extra.headers ?? {};
  }
}

/**
 * An error of the platform's table.
 * @example throw easelError("integration_unknown", { integration: "tableau" })
 */
export function easelError(
  code: PlatformCode,
  params: Readonly<Record<string, string>> = {},
  headers: Record<string, string> = {},
): EaselError {
  return new EaselError(code, fill(platformProblems[code], params), { headers });
}

/** A connector's problem as an error, with the connector's words. */
export function connectorError(problems: Readonly<Record<string, ProblemText>>, problem: Problem): EaselError {
  return new EaselError(problem.code, problemText(problems, problem), { providerError: problem.error });
}

/** A connector's problem in words. */
export function problemText(problems: Readonly<Record<string, ProblemText>>, problem: Problem): ProblemText {
  const text = problems[problem.code];
  if (text === undefined) throw new Error(`The connector gave a problem that its table does not hold: ${problem.code}`);
  return fill(text, problem.params);
}

function fill(text: ProblemText, params: Readonly<Record<string, string>>): ProblemText {
  const put = (sentence: string): string => {
    const filled = sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole);
    // What is filled in may be a sentence of its own, or a few words.
    return /[.?!]$/.test(filled) ? filled : `${filled}.`;
  };
  return { status: text.status, message: put(text.message), action: put(text.action) };
}
