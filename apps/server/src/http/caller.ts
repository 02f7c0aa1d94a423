import type { FastifyRequest } from "fastify";
import type { Credentials, Wallet } from "../credentials/credentials.ts";
import type { UserTokens, VerifiedToken } from "../keys/user-tokens.ts";
import type { Project, Projects } from "../projects/projects.ts";
import { easelError } from "./errors.ts";

/** A connected user who makes a call, and all that is known of them. */
export interface Caller {
  readonly project: Project;
  readonly token: VerifiedToken;
  readonly wallet: Wallet;
}

export interface Callers {
  /** From memory only, without a promise; undefined where anything has to be looked up or verified. */
  peek(projectId: string, token: string): Caller | undefined;
  find(projectId: string, token: string): Promise<Caller>;
}

export function createCallers(parts: { projects: Projects; userTokens: UserTokens; credentials: Credentials }): Callers {
  const { projects, userTokens, credentials } = parts;
  return {
    peek: (projectId, rawToken) => {
      const project = projects.peek(projectId);
      const token = project && userTokens.peek(project, rawToken);
      const wallet = project && token && credentials.peek(project, token.subject);
      return project && token && wallet && { project, token, wallet };
    },
    find: async (projectId, rawToken) => {
      const project = await projects.get(projectId);
      const token = await userTokens.verify(project, rawToken);
      return { project, token, wallet: await credentials.wallet(project, token.subject) };
    },
  };
}

/** The bearer token of a request. Throws `user_token_missing` where there is none. */
export function bearerToken(request: Pick<FastifyRequest, "headers">): string {
  const [, token] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? "") ?? [];
  if (token === undefined) throw easelError("user_token_missing");
  return token;
}
