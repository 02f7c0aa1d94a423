import { STATUS_CODES } from "node:http";
import type { EaselError } from "../http/errors.ts";
import type { Element } from "./answers.ts";

/** A refusal in Tableau's own form: clients branch on the code, and people read the detail. */
export interface ClientRefusal {
  readonly status: number;
  readonly element: Element;
}

/** Easel's refusal of a call, in Tableau's form. What signing in again would mend is 401002, as Tableau says it. */
export function refusalOf(error: EaselError): ClientRefusal {
  return refusal(codeOf(error), error);
}

/**
 * Easel's refusal of a sign-in. Whatever is wrong with it is 401001, upon which clients do not try again; what passes by
 * itself, and what is no sign-in at all, keeps its status.
 */
export function signInRefusalOf(error: EaselError): ClientRefusal {
  const isAsItIs = error.status >= 500 || KEPT_OF_SIGN_IN.has(error.status);
  return refusal(isAsItIs ? codeOf(error) : "401001", error);
}

const KEPT_OF_SIGN_IN: ReadonlySet<number> = new Set([400, 403, 405, 408, 413, 429]);

/** Tableau's codes ("Handling Errors" of its REST reference), where a client might look for one. */
const CODES: Readonly<Record<number, string>> = { 401: "401002", 403: "403004", 404: "404003" };
const OWN_CODES: Readonly<Record<string, string>> = { client_site_own: "403070", client_site_other: "401003" };

function codeOf({ code, status }: EaselError): string {
  return OWN_CODES[code] ?? CODES[status] ?? `${status}000`;
}

const SUMMARIES: Readonly<Record<string, string>> = {
  "401001": "Signin Error",
  "401002": "Unauthorized Access",
  "401003": "Unauthorized Access",
  "404003": "Resource Not Found",
  "405000": "Invalid request method",
  "409000": "Resource Conflict",
};

function refusal(code: string, { message, action }: EaselError): ClientRefusal {
  const status = Number(code.slice(0, 3));
  return {
    status,
    element: {
      name: "error",
      attributes: { code },
      content: [
        { name: "summary", content: SUMMARIES[code] ?? STATUS_CODES[status] ?? "Error" },
        { name: "detail", content: `${message} ${action}` },
      ],
    },
  };
}
