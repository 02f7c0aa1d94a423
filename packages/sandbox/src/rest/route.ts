import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { RequiredRole } from "../auth/roles.ts";
import type { Scope } from "../auth/scopes.ts";
import type { Session } from "../auth/sessions.ts";
import type { Edition } from "../edition.ts";
import type { Scene } from "../query/description.ts";
import type { Refusal } from "../wire/refusals.ts";
import type { Reply } from "../wire/reply.ts";
import type { World } from "../world.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE" | "PATCH";

/** What every handler gets. `parameters` are the braces of the template; `query` is decoded, `+` as space. */
export type OpenCall = {
  world: World;
  parameters: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The parsed tsRequest; `{}` when the body was empty or the route takes none. */
  content: unknown;
  /** The unread body, for routes with `body: "stream"`. */
  stream: Readable;
};

export type SessionCall = OpenCall & { session: Session; scene: Scene };

type Answer = Reply | Refusal | Promise<Reply | Refusal>;

type Address = {
  method: Method;
  /** Below `/api/{version}`, e.g. `/sites/{siteId}/projects`. `{siteId}` must be the session's site. */
  template: string;
  body: "none" | "tsRequest" | "stream";
  /** Which Tableau has it, where only one does. */
  edition?: Edition;
  /** Whether it is also at `/api/exp`, where Tableau has what is not finished. */
  isExperimental?: boolean;
};

/**
 * One route of the REST API. `jwt` is the scope that a JWT session must hold, `never` where the method is not offered
 * to them at all, `always` where any will do.
 */
export type Route =
  | (Address & { kind: "open"; handle: (call: OpenCall) => Answer })
  | (Address & {
      kind: "session";
      jwt: Scope | readonly Scope[] | "always" | "never";
      role: RequiredRole;
      handle: (call: SessionCall) => Answer;
    });
