import type { Problem, ProblemText, ProviderError } from "@easel/connector";

/**
 * Every refusal that the Tableau connector can give, by code. Sign-in refusals are 422 and not 401: a bare 401 or 403
 * would log the connected user out of an unmodified Paragon SDK.
 */
export const problems = {
  // The address that a person pasted.
  tableau_address_unreadable: {
    status: 422,
    message: "This is not the address of a Tableau site: {reason}.",
    action:
      "Open Tableau in your browser and paste the whole address from there, for example https://10ax.online.tableau.com/#/site/acme/home.",
  },

  // The server.
  tableau_server_unreachable: {
    status: 502,
    message: "{host} can't be reached: {reason}.",
    action: "Check the address for a typing error, and that this server can be reached from the internet.",
  },
  tableau_server_slow: {
    status: 504,
    message: "{host} did not answer in time.",
    action: "Try again in a minute; if it stays so, tell whoever runs this Tableau server.",
  },
  tableau_server_tls: {
    status: 502,
    message: "{host} has a certificate that can't be trusted, so no secret was sent to it.",
    action:
      "Ask whoever runs this Tableau server for a certificate from a public authority, or whoever runs this product to trust this one.",
  },
  tableau_server_forbidden: {
    status: 422,
    message: "{host} is an address that may not be called from here.",
    action: "Use the server's public https address, or ask whoever runs this product to allow this one.",
  },
  tableau_server_not_tableau: {
    status: 422,
    message: "{host} answers, but not as a Tableau server.",
    action: "Open Tableau in your browser and paste the address from there.",
  },
  tableau_server_gateway: {
    status: 502,
    message: "Something in front of Tableau at {host} turned the call away with status {status}.",
    action: "Ask whoever runs this Tableau server to let calls to its REST API through without a separate sign-in.",
  },
  tableau_server_moved: {
    status: 422,
    message: "{host} sends its visitors on to {address}, and a secret is not sent after it.",
    action: "Use {address} as the address instead.",
  },
  tableau_server_error: {
    status: 502,
    message: "Tableau at {host} failed with status {status}.",
    action: "Try again in a minute; if it stays so, look at Tableau's status page or tell whoever runs the server.",
  },
  tableau_throttled: {
    status: 429,
    message: "Tableau at {host} asks for fewer calls.",
    action: "Try again in {seconds} seconds.",
  },

  // The sign-in.
  tableau_sign_in_incomplete: {
    status: 422,
    message: "The sign-in lacks {fields}.",
    action: "Fill it in and connect again.",
  },
  tableau_sign_in_refused: {
    status: 422,
    message: "Tableau refused the sign-in: the {tried} is wrong.",
    action: "Check each of them at Tableau, and that they have not expired or been revoked, then connect again.",
  },
  tableau_sign_in_denied: {
    status: 422,
    message: "Tableau knows this sign-in but does not let it in: {summary}.",
    action: "Ask the administrator of the Tableau site whether your account and the site are active.",
  },
  tableau_site_unknown: {
    status: 422,
    message: "{host} does not have {site}.",
    action: "Paste the address of any page of your site: the site's name stands after /site/.",
  },
  tableau_password_refused: {
    status: 422,
    message:
      "Tableau Cloud refused the sign-in: the user name, the password or the site is wrong, or this account signs in with more than a password.",
    action: "Connect with a personal access token instead.",
  },
  tableau_user_unknown: {
    status: 422,
    message: "Tableau has no user {username} on this site.",
    action: "Ask the site's administrator to add this user, spelled exactly so, upper and lower case included.",
  },
  tableau_keys_refused: {
    status: 422,
    message: "Tableau did not accept these keys for {username}: the secret value, the user name or the site is wrong.",
    action: "Check the connected app's client ID, secret ID and secret value, and that they belong to this site.",
  },
  tableau_app_refused: {
    status: 422,
    message: "Tableau refused the connected app, for everyone: {reason}.",
    action: "Ask the administrator of the Tableau site to look at its connected app; new keys go into the settings.",
  },
  tableau_issuer_refused: {
    status: 422,
    message: "Tableau does not take Easel as an external authorization server, for everyone: {reason}.",
    action:
      "Ask the administrator of the Tableau site to look at it in Settings, Connected Apps: the issuer is {issuer}, and Tableau must be able to reach it.",
  },
  tableau_uat_refused: {
    status: 422,
    message: "Tableau refused the unified access token, for everyone: {reason}.",
    action: "Compare issuer, key id, tenant id, user-name claim and scopes with Tableau Cloud Manager.",
  },
  tableau_trust_refused: {
    status: 422,
    message:
      "Tableau did not accept the sign-in for {username} from {issuer}: the user name, the site or a clock is wrong.",
    action: "Check that this user is on this site, spelled exactly so, and that the servers' clocks are right.",
  },
  tableau_access_token_refused: {
    status: 422,
    message: "Tableau did not accept the access token.",
    action: "Sign in at Tableau again, and connect anew.",
  },
  tableau_setup_denied: {
    status: 422,
    message: "Tableau does not let this token's owner set up connected apps: {summary}.",
    action: "Use a token of an administrator of the site.",
  },
  tableau_setup_refused: {
    status: 422,
    message: "Tableau refused to set this up: {summary}.",
    action: "Set it up by hand in Tableau, under Settings, Connected Apps, and paste its keys.",
  },
  tableau_trust_moved: {
    status: 422,
    message:
      "The Tableau site of these keys has moved from {host} to {address}; a trust signs for no other address than its own.",
    action: "Put {address} into the settings as the server, and give the keys' secret value again.",
  },
  tableau_scopes_too_many: {
    status: 422,
    message: "The project asks for more permissions than fit into a sign-in at Tableau.",
    action: "Replace some of the project's Permissions by wildcards, such as tableau:projects:*.",
  },

  // The call.
  tableau_method_unknown: {
    status: 405,
    message: "Tableau's APIs have no method {method}.",
    action: "Use GET, HEAD, POST, PUT, PATCH or DELETE.",
  },
  tableau_path_unreadable: {
    status: 400,
    message: "This path can't be sent to Tableau: {reason}.",
    action: "Mend the path. Encode what belongs to a name, and only once.",
  },
  tableau_path_placeholder: {
    status: 400,
    message: "{name} in this path stands for a value that belongs there.",
    action: "Write the value itself. {siteId}, {userId} and {apiVersion} are filled in by Easel, and no others.",
  },
  tableau_site_other: {
    status: 400,
    message: "This credential belongs to the site {own}, and the path names the site {site}.",
    action: "Write {siteId} for the site, or leave /api/…/sites/… out; another site needs a credential of its own.",
  },
  tableau_address_foreign: {
    status: 400,
    message: "This credential belongs to {address}, and the call names another server.",
    action: "Leave the server out, or use its own address.",
  },
  tableau_route_forbidden: {
    status: 404,
    message: "Only addresses under /api/ can be called.",
    action: "Use a path such as /projects, or one that begins with /api/.",
  },
  tableau_route_session: {
    status: 400,
    message: "Easel signs in and out by itself, so sessions can't be changed from here.",
    action: "Leave this call out: every other call is signed in already, and GET /users/{userId} says as whom.",
  },
  tableau_route_credentials: {
    status: 403,
    message: "This call creates, changes or hands out credentials at Tableau, which the project does not allow.",
    action: "Ask an administrator of the project to allow it in the integration's settings.",
  },
  tableau_permission_missing: {
    status: 403,
    message: "Needs {scope}, which the project's Permissions do not hold{also}.",
    action: "Add {scope} to the Permissions in the integration's settings.",
  },
  tableau_scope_missing: {
    status: 403,
    message: "Needs {scope}.",
    action: "Add {scope} to the project's Permissions, or connect with a personal access token.",
  },
  tableau_denied: {
    status: 403,
    message: "Tableau does not let this user make this call.",
    action: "Ask the administrator of the Tableau site for the permission that is missing.",
  },
  tableau_list_unknown: {
    status: 400,
    message: "Easel does not know this call as a list, so it can't ask for every page of it.",
    action: "Leave Easel-Paginate out; docs/help.md names the lists.",
  },
  tableau_list_page: {
    status: 400,
    message: "The call asks for every page, and for one page by {parameter}.",
    action: "Leave {parameter} out, or Easel-Paginate.",
  },
  tableau_query_unpaged: {
    status: 400,
    message: "This query does not say where it pages.",
    action:
      "Take $after: String in the query, pass it to one connection as after: $after, and ask that for nodes and pageInfo { hasNextPage endCursor }.",
  },
  tableau_query_failed: {
    status: 422,
    message: "Tableau did not answer the query as a whole: {reason}",
    action: "Mend the query, or ask for fewer nodes at a time by first:.",
  },
  tableau_job_unsuccessful: {
    status: 422,
    message: "Tableau's job did not succeed: {notes}",
    action: "The job, with what Tableau says of it, is in output.",
  },
  tableau_call_missing: {
    status: 404,
    message: "This Tableau does not have this call.",
    action: "Look up since which API version, and in which edition, Tableau has it.",
  },
  tableau_session_contested: {
    status: 409,
    message: "This personal access token is also used somewhere else, and each use ends the session of the other.",
    action: "Create a token for this product alone and reconnect with it.",
  },
  tableau_session_lost: {
    status: 409,
    message: "Tableau ended a fresh session at once.",
    action: "Try again; if it stays so, reconnect.",
  },
  tableau_send_again: {
    status: 409,
    message: "The session had ended, and the body of this call is too large to be kept for a second try.",
    action: "Send the same call again: a new session is ready.",
  },
} as const satisfies Record<string, ProblemText>;

export type ProblemCode = keyof typeof problems;

/** A refusal with what its text needs. */
export function problem(
  code: ProblemCode,
  params: Readonly<Record<string, string>> = {},
  error?: ProviderError,
): Problem {
  return error === undefined ? { code, params } : { code, params, error };
}
