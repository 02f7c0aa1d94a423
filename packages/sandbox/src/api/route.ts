import type { RequiredRole } from "../auth/roles.ts";
import type { Scope } from "../auth/scopes.ts";
import type { Session } from "../auth/sessions.ts";
import type { Edition } from "../edition.ts";
import type { Scene } from "../query/description.ts";
import type { Method } from "../rest/route.ts";
import type { Refusal } from "../wire/refusals.ts";
import type { World } from "../world.ts";

/** What a handler answers: JSON, its own errors included. `headers` are set as they are written here. */
export type JsonReply =
  | { kind: "json"; status: number; body?: unknown; headers?: Record<string, string> }
  | { kind: "text"; status: number; contentType: string; body: string };

/** What every handler gets. `parameters` are the braces of the path; `query` is decoded; `content` the parsed JSON. */
export type JsonCall = {
  world: World;
  parameters: Record<string, string>;
  query: URLSearchParams;
  /** `{}` when the body was empty, `undefined` when the route takes none. */
  content: unknown;
  session: Session;
  scene: Scene;
};

type Address = {
  method: Method;
  /** The whole path, e.g. `/api/-/pulse/definitions/{id}`. */
  path: string;
  /** Which Tableau has it, where only one does. */
  edition?: Edition;
};

/** One route outside the classic REST API, behind the same session check. `jwt` and `role` mean what they mean there. */
export type JsonRoute = Address &
  (
    | {
        /** `text` is for whoever parses it: `content` is then a string. */
        body: "none" | "json" | "text";
        /** Of several scopes, a JWT session needs one. */
        jwt: Scope | readonly Scope[] | "always" | "never";
        role: RequiredRole;
        handle: (call: JsonCall) => JsonReply | Refusal | Promise<JsonReply | Refusal>;
      }
    /** For everyone: what it answers is always the same. */
    | { body: "none"; jwt: "open"; reply: JsonReply }
  );

/** Where and when something was refused: some APIs say so in their errors. */
export type RefusedCall = { path: string; now: number };

/** An API with errors of its own: `refusal` writes what the session check, the body's parser or a handler refused. */
export type JsonApi = {
  /** Whatever else is asked for below it is not found, and is told so as this API tells it. */
  prefix?: string;
  routes: readonly JsonRoute[];
  refusal: (refusal: Refusal, call: RefusedCall) => JsonReply;
};

export function json(body: unknown, status = 200): JsonReply {
  return { kind: "json", status, body };
}

/** 204: nothing to say. */
export const noContent: JsonReply = { kind: "json", status: 204 };
