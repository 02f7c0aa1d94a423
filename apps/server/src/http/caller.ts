import type { FastifyReply, FastifyRequest } from "fastify";
import type { Credentials, Wallet } from "../credentials/credentials.ts";
import type { UserTokens, VerifiedToken } from "../keys/user-tokens.ts";
import type { Project, Projects } from "../projects/projects.ts";
import { easelError } from "./errors.ts";
import { corsHeaders, letAnyPageRead } from "./origins.ts";

/** A connected user who makes a call, and all that is known of them. */
export interface Caller {
  readonly project: Project;
  readonly token: VerifiedToken;
  readonly wallet: Wallet;
}

export interface Callers {
  /**
   * Who calls, by user token, from a page that may use the project. Without a promise where everything is in memory.
   * The headers that let the page read the answer are set on the reply first, so that it can read a refusal too.
   */
  admit(
    request: FastifyRequest,
    reply: FastifyReply,
    call: { projectId: string; token: string | undefined },
  ): Caller | Promise<Caller>;
}

export function createCallers(parts: {
  projects: Projects;
  userTokens: UserTokens;
  credentials: Credentials;
}): Callers {
  const { projects, userTokens, credentials } = parts;

  const find = async (
    request: FastifyRequest,
    reply: FastifyReply,
    projectId: string,
    rawToken: string | undefined,
  ): Promise<Caller> => {
    const project = await projects.get(projectId).catch((error: unknown) => {
      // No project, so no list of origins: the page may read that it has the project ID wrong.
      letAnyPageRead(request, reply);
      throw error;
    });
    reply.headers(corsHeaders(project, request));
    if (rawToken === undefined) throw easelError("user_token_missing");
    const token = await userTokens.verify(project, rawToken);
    return { project, token, wallet: await credentials.wallet(project, token.subject) };
  };

  return {
    admit: (request, reply, { projectId, token: rawToken }) => {
      const project = projects.peek(projectId);
      const token = project && rawToken !== undefined ? userTokens.peek(project, rawToken) : undefined;
      const wallet = project && token && credentials.peek(project, token.subject);
      if (project === undefined || token === undefined || wallet === undefined)
        return find(request, reply, projectId, rawToken);
      reply.headers(corsHeaders(project, request));
      return { project, token, wallet };
    },
  };
}

/** The bearer token of a request, where there is one. */
export function bearerToken(request: Pick<FastifyRequest, "headers">): string | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return undefined;
  // As nearly everyone writes it. A look for one character is quicker than matching each.
  const token = authorization.startsWith("Bearer ") ? authorization.slice("Bearer ".length) : "";
  if (token !== "" && !/\s/.test(token)) return token;
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
}
