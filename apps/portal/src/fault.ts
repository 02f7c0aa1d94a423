import type { ErrorBody } from "@easel/api/portal";

/** A refusal as the portal shows it. The server's own words where it had some, ours otherwise. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly action: string;
  /** The HTTP status; null where no server answered. */
  readonly status: number | null;
  /** null where no server answered. */
  readonly requestId: string | null;
  /** The field that the refusal is about: `address`, `site` or a field's id; null where it is about none. */
  readonly at: string | null;
}

export type Answer<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "refused"; readonly fault: Fault };

export const ok = <T>(value: T): Answer<T> => ({ kind: "ok", value });
export const refused = <T>(fault: Fault): Answer<T> => ({ kind: "refused", fault });

/** Our own words for what no server said. */
export const localFault = (code: string, words: { message: string; action: string }): Fault => ({
  code,
  message: words.message,
  action: words.action,
  status: null,
  requestId: null,
  at: null,
});

/**
 * Reads an error envelope, from our server's answer or from the text that the SDK made of it (the JSON body as the
 * message of an Error). Returns null where it is not one.
 */
export function readFault(text: string): Fault | null {
  const body = parseObject(text);
  if (!body || typeof body.message !== "string" || body.message === "") return null;
  const code = typeof body.code === "string" ? body.code : "unknown";
  return {
    code,
    message: body.message,
    action: typeof body.action === "string" ? body.action : "",
    status: typeof body.status === "number" ? body.status : null,
    requestId: typeof body.requestId === "string" && body.requestId !== "" ? body.requestId : null,
    at: readPlace(body.meta) ?? placeOf(code),
  };
}

type Loose<T> = { readonly [K in keyof T]?: unknown };

function parseObject(text: string): Loose<ErrorBody> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}

/** May the same thing work a moment later? Not where the server refused it for what it is. */
export const mayPass = ({ code, status }: Fault): boolean =>
  code !== "signed_out" && (status === null || status === 429 || status >= 500);

/** The server may name the field itself, as `meta.field`. */
function readPlace(meta: unknown): string | null {
  if (typeof meta !== "object" || meta === null || !("field" in meta)) return null;
  return typeof meta.field === "string" ? meta.field : null;
}

/** Where the server does not name the field, the code's own words do. */
function placeOf(code: string): string | null {
  const words = code.toLowerCase().split(/[^a-z0-9]+/);
  if (words.some((word) => ["address", "server", "host", "unreachable", "url"].includes(word))) return "address";
  if (words.includes("site")) return "site";
  return null;
}
