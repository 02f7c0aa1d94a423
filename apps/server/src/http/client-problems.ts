import type { ProblemText } from "@easel/connector";

/** Rows of the error table for Tableau's clients, at the addresses where Easel speaks as Tableau does. */
export const clientProblems = {
  client_token_missing: {
    status: 401,
    message: "The request carries no token.",
    action: "Sign in first, and send the token in X-Tableau-Auth.",
  },
  client_session_ended: {
    status: 401,
    message: "This session is over, or there never was one.",
    action: "Sign in again.",
  },
  client_session_elsewhere: {
    status: 401,
    message: "This session belongs to another credential than the address names.",
    action: "Sign in at this address.",
  },
  client_key_unknown: {
    status: 401,
    message: "The client key is not valid for this credential: it is not whole, was revoked, or has expired.",
    action: "Create a new client key in the management API.",
  },
  client_keys_too_many: {
    status: 409,
    message: "This credential has {most} client keys in use.",
    action: "Revoke those that nobody uses any more.",
  },
  client_sign_in_unreadable: {
    status: 400,
    message: "The request cannot be read: {detail}",
    action: "Send what Tableau's REST reference describes, as XML or as JSON.",
  },
  client_secret_foreign: {
    status: 401,
    message: "The secret is neither a user token nor a client key.",
    action:
      "Tableau's own tokens and passwords stay with Easel: sign in with a user token of the product, or a client key.",
  },
  client_sign_in_unnamed: {
    status: 401,
    message: "The sign-in does not say which credential it is for.",
    action:
      "Write <project ID>/<credential ID> as the token's name, or use <Easel>/projects/<project ID>/tableau/<credential ID> as the server's address.",
  },
  client_sign_in_form: {
    status: 401,
    message: "Easel does not sign clients in by {form}.",
    action:
      "Sign in with a personal access token, a user name and password, or a JWT, with a user token or a client key as the secret.",
  },
  client_sign_in_as: {
    status: 403,
    message: "The sign-in names another user, and a credential is its own user's alone.",
    action: "Leave the user out.",
  },
  client_site_other: {
    status: 401,
    message: "This credential belongs to {own}, and the request names {site}.",
    action: "Name its own site or none; another site needs a credential of its own.",
  },
  client_site_own: {
    status: 403,
    message: "The session is on this site already.",
    action: "Go on with it.",
  },
  client_session_fixed: {
    status: 403,
    message: "Sessions at Tableau are Easel's to end.",
    action: "Sign out to end your own session here.",
  },
  client_page: {
    status: 403,
    message: "A web page sent this, and this address is for programs.",
    action: "Pages reach Tableau with the SDK: paragon.request.",
  },
  client_method: {
    status: 405,
    message: "This address takes {method} only.",
    action: "Send it as {method}.",
  },
} as const satisfies Record<string, ProblemText>;
