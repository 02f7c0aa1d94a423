import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A server that passes for Tableau as far as serverinfo and sign-in, remembers everything, and does the rest as told. */
export interface FakeTableau {
  readonly url: string;
  /** For `egressAllow`. */
  readonly host: string;
  readonly received: readonly ReceivedRequest[];
  /** What answers everything but serverinfo, sign-in and the current session. */
  answer(handler: (request: IncomingMessage, response: ServerResponse) => void): void;
  /** The newest API version that it speaks from now on; whatever is asked for at a newer one is not there. */
  speak(version: string): void;
  /** Tokens answered 401 from now on: all that were given out. */
  endSessions(): void;
  close(): Promise<void>;
}

export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  /** Null for what `answer` reads itself. */
  readonly body: string | null;
}

const SITE_ID = "11111111-2222-4333-8444-555555555555";
const USER_ID = "66666666-7777-4888-9999-aaaaaaaaaaaa";

export async function startFakeTableau(
  options: {
    signIn?: (request: IncomingMessage, response: ServerResponse) => void;
    /** False where it leaves the answer to the fake. */
    serverInfo?: (request: IncomingMessage, response: ServerResponse) => boolean;
    currentSession?: (request: IncomingMessage, response: ServerResponse) => void;
  } = {},
): Promise<FakeTableau> {
  const received: ReceivedRequest[] = [];
  const live = new Set<string>();
  let handler = (_request: IncomingMessage, response: ServerResponse): void => json(response, 200, { projects: {} });
  let signIns = 0;
  let spoken = "3.27";

  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const isSignIn = url.endsWith("/auth/signin");
    received.push({ method, url, headers, body: isSignIn ? await text(request) : null });
    if (url.endsWith("/serverinfo") && options.serverInfo?.(request, response) === true) return;
    if (url.endsWith("/serverinfo")) {
      return json(response, 200, {
        serverInfo: { productVersion: { value: "2025.3.0", build: "1" }, restApiVersion: spoken },
      });
    }
    const asked = /^\/api\/3\.(\d+)\//.exec(url)?.[1] ?? "0";
    if (Number(asked) > Number(spoken.slice(2))) {
      return json(response, 404, {
        error: { code: "404003", summary: "Resource Not Found", detail: "No such version." },
      });
    }
    if (isSignIn && options.signIn !== undefined) return options.signIn(request, response);
    if (isSignIn) {
      signIns += 1;
      const token = `token-${signIns}`;
      live.add(token);
      return json(response, 200, { credentials: { token, site: { id: SITE_ID }, user: { id: USER_ID } } });
    }
    if (!live.has(String(headers["x-tableau-auth"]))) {
      return json(response, 401, { error: { code: "401002", summary: "Unauthorized", detail: "Not signed in." } });
    }
    if (url.endsWith("/sessions/current") && options.currentSession !== undefined)
      return options.currentSession(request, response);
    if (url.endsWith("/sessions/current")) return json(response, 200, { session: { user: { name: "fake" } } });
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    received,
    answer: (next) => {
      handler = next;
    },
    speak: (version) => {
      spoken = version;
    },
    endSessions: () => live.clear(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
