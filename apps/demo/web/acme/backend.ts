import { z } from "zod";
import {
  embedConfigSchema,
  meSchema,
  peopleSchema,
  problemBodySchema,
  sandboxCredentialsSchema,
  userTokenSchema,
} from "../../src/contract.ts";
import type { Problem } from "./problem.ts";

/** An answer of Acme's own server. `signedOut`: the session is over, or there never was one. */
export type Answer<T> =
  | { kind: "ok"; value: T }
  | { kind: "signedOut"; problem: Problem }
  | { kind: "failed"; problem: Problem };

export const backend = {
  config: () => call("GET", "/api/config", embedConfigSchema),
  people: () => call("GET", "/api/people", peopleSchema),
  me: () => call("GET", "/api/me", meSchema),
  signIn: (person: string) => call("POST", "/api/session", meSchema, { person }),
  signOut: () => call("DELETE", "/api/session", z.undefined()),
  userToken: () => call("GET", "/api/user-token", userTokenSchema),
  sandboxCredentials: () => call("GET", "/api/sandbox-credentials", sandboxCredentialsSchema),
};

async function call<T>(method: string, path: string, schema: z.ZodType<T>, body?: object): Promise<Answer<T>> {
  let response: Response;
  let json: unknown;
  try {
    response = await fetch(path, {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    json = response.status === 204 ? undefined : await response.json();
  } catch {
    return {
      kind: "failed",
      problem: {
        message: "Acme cannot be reached.",
        action: "Start Easel with npm start: the demo starts with it. Then try again.",
      },
    };
  }
  if (!response.ok) {
    const told = problemBodySchema.safeParse(json);
    const problem = told.success ? told.data : unreadable;
    return { kind: response.status === 401 ? "signedOut" : "failed", problem };
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? { kind: "ok", value: parsed.data } : { kind: "failed", problem: unreadable };
}

const unreadable: Problem = {
  message: "Acme's server gave an answer that its pages do not understand.",
  action: "Run npm run build, so that both are of the same version, and load this page again.",
};
