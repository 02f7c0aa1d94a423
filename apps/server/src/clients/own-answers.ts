import type { IncomingMessage } from "node:http";
import type { Route } from "@easel/connector";
import { findProjectCredential } from "../credentials/listing.ts";
import type { Use } from "../credentials/live-sessions.ts";
import type { DatabaseAccess } from "../database/database.ts";
import { easelError } from "../http/errors.ts";
import type { Servers } from "../servers/servers.ts";
import type { Element } from "./answers.ts";
import type { ClientCallers, Place } from "./callers.ts";
import type { ClientSessions } from "./client-sessions.ts";
import type { OwnRoute } from "./own-routes.ts";
import { readSignIn, readSwitch } from "./request-body.ts";
import { ANY_SERVER, type ServerInfo, type ServerInfos, serverInfoElement } from "./server-info.ts";
import { type ClientSignIn, refuseSwitch } from "./sign-in.ts";

/** What a client asked at a door. */
export interface Asked {
  readonly request: IncomingMessage;
  /** Null at the root. */
  readonly place: Place | null;
  /** The session token, user token or client key that it carries. */
  readonly token: string | undefined;
  /** The client's address. */
  readonly address: string;
}

export interface OwnAnswer {
  readonly status: number;
  readonly element: Element | null;
}

/** Easel's own answers in place of Tableau's; who the session is, is Tableau's to say. */
export type OwnAnswers = (route: Exclude<OwnRoute, "currentSession">, asked: Asked) => Promise<OwnAnswer>;

export function createOwnAnswers(parts: {
  database: DatabaseAccess;
  callers: ClientCallers;
  sessions: ClientSessions;
  signIn: ClientSignIn;
  servers: Servers;
  serverInfos: ServerInfos;
}): OwnAnswers {
  const { database, callers, sessions, signIn, servers, serverInfos } = parts;

  /** Asked before anybody has signed in, so that nobody is refused; a token that is there says which server is meant. */
  const serverFor = async ({ token, place }: Asked): Promise<{ serverUrl: string; fixed: string | null } | null> => {
    const caller = token === undefined ? null : await Promise.resolve(callers.admit(token, place)).catch(() => null);
    if (caller !== null) {
      const { credential, integration } = caller.use;
      return { serverUrl: credential.serverUrl, fixed: integration.apiVersion };
    }
    // Whoever knows a credential's id, which cannot be guessed, learns the version of its server, which is public there.
    const found =
      place === null || !UUID.test(place.credential) || !UUID.test(place.projectId)
        ? undefined
        : await findProjectCredential(database, place.projectId.toLowerCase(), place.credential.toLowerCase());
    const serverUrl = found?.credential.serverUrl ?? (await servers.only());
    return serverUrl === null ? null : { serverUrl, fixed: null };
  };

  const serverInfo = async (asked: Asked): Promise<ServerInfo> => {
    const server = await serverFor(asked).catch(() => null);
    if (server === null) return ANY_SERVER;
    const info = (await serverInfos.of(server.serverUrl)) ?? remembered(servers, server.serverUrl);
    // A project that fixes its API version wants its clients at that one too.
    return server.fixed === null ? info : { ...info, restApiVersion: server.fixed };
  };

  return async (route, asked) => {
    switch (route) {
      case "serverInfo":
        return { status: 200, element: serverInfoElement(await serverInfo(asked)) };
      case "signIn": {
        const element = await signIn.signIn(await readSignIn(asked.request), asked.place, asked.address);
        return { status: 200, element };
      }
      case "signOut": {
        const { session } = await callers.admit(asked.token, asked.place);
        if (session !== null) await sessions.end(session);
        return { status: 204, element: null };
      }
      case "switchSite": {
        const { use } = await callers.admit(asked.token, asked.place);
        throw refuseSwitch(use, await readSwitch(asked.request));
      }
      case "session":
        await callers.admit(asked.token, asked.place);
        throw easelError("client_session_fixed");
    }
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function remembered(servers: Servers, serverUrl: string): ServerInfo {
  const facts = servers.peek(serverUrl);
  if (facts === undefined) return ANY_SERVER;
  return { ...ANY_SERVER, build: null, productVersion: facts.productVersion, restApiVersion: facts.apiVersion };
}

/** Who the session at Tableau is, asked of Tableau at the client's own version. It says no token. */
export function currentSessionRoute(path: string): Route {
  return {
    method: "GET",
    template: "/sessions/current",
    scope: null,
    mintsCredentials: false,
    ownMediaType: false,
    target: `/api/${/^\/api\/(\d{1,2}\.\d{1,3})\//.exec(path)?.[1] ?? "{apiVersion}"}/sessions/current`,
  };
}

/** The same as Easel knows it, where Tableau does not tell a session of a connected app. */
export function currentSession({ credential }: Use): Element {
  const { siteId, site, tableauUserId, username } = credential;
  return {
    name: "session",
    content: [
      { name: "site", attributes: { id: siteId, name: site === "" ? "Default" : site, contentUrl: site } },
      { name: "user", attributes: { id: tableauUserId, name: username ?? "" } },
    ],
  };
}
