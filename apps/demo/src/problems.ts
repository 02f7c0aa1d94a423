import type { ProblemBody } from "./contract.ts";

/** Everything that can go wrong in Acme's server: one table of code, status, what happened, what to do. */
const problems = {
  demo_file_missing: [
    503,
    "Easel has not prepared this demo yet.",
    "Start Easel with npm start, then load this page again.",
  ],
  demo_file_unusable: [
    503,
    "Easel's description of this demo cannot be read.",
    "Restart Easel with npm start; it writes the description anew.",
  ],
  pages_missing: [503, "Acme's pages are not built.", "Run npm run build, then load this page again."],
  session_missing: [401, "You are not signed in to Acme.", "Sign in and try again."],
  session_expired: [401, "Your Acme session has ended.", "Sign in again."],
  person_unknown: [400, "Acme does not know this person.", "Choose one of the people on the sign-in page."],
  request_invalid: [400, "Acme could not read this request.", "Load the page again and repeat what you did."],
  foreign_origin: [403, "This request came from another website.", "Open Acme itself and repeat what you did there."],
  foreign_host: [
    421,
    "Acme does not answer under this address.",
    "Open Acme at the address that Easel prints when it starts.",
  ],
  not_found: [404, "There is nothing at this address.", "Go back to Acme's start page."],
  internal: [
    500,
    "Acme ran into a fault of its own.",
    "Try again; the log of the demo says more under this request id.",
  ],
} as const satisfies Record<string, readonly [status: number, message: string, action: string]>;

export type ProblemCode = keyof typeof problems;

/** The error body for a code. `requestId` is the one on the answer's `x-request-id` header and in the log. */
export function problemBody(code: ProblemCode, requestId: string): ProblemBody {
  const [status, message, action] = problems[code];
  return { message, code, status, action, requestId, meta: {} };
}
