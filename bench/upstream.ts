import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { listen } from "./rivals/listen.ts";

/**
 * What stands for Tableau: a small server that signs in, says what it is, and answers as fast as Node can, so that what
 * the proxies add is seen. It knows nobody: every name and secret is good. Like Tableau it answers 401 without a session.
 */

const SITE_ID = "11111111-2222-4333-8444-555555555555";
const USER_ID = "66666666-7777-4888-9999-aaaaaaaaaaaa";
const LARGE_BYTES = 200 * 2 ** 20;

const headers = { "content-type": "application/json;charset=utf-8", "x-tableau": "Tableau Server" };
const info = { serverInfo: { productVersion: { value: "2025.3.0", build: "1" }, restApiVersion: "3.27" } };
const small = Buffer.from(JSON.stringify(projects(2048)));
const piece = Buffer.alloc(65_536, "0123456789abcdef");
const sessions = new Set<string>();

const server = createServer((request, response) => {
  const { url = "" } = request;
  if (url.endsWith("/serverinfo")) return answer(response, Buffer.from(JSON.stringify(info)));
  if (url.endsWith("/auth/signin")) return void signIn(request, response);
  if (!sessions.has(String(request.headers["x-tableau-auth"]))) {
    response.writeHead(401, headers);
    response.end('{"error":{"summary":"Unauthorized","detail":"Not signed in.","code":"401002"}}');
  } else if (url.endsWith("/sessions/current")) {
    answer(response, Buffer.from(JSON.stringify({ session: { user: { id: USER_ID, name: "bench" } } })));
  } else if (url.includes("/content")) {
    sendLarge(response);
  } else answer(response, small);
});
server.keepAliveTimeout = 60_000;
listen(server);

/** A page of a list, as long as said. */
function projects(bytes: number): unknown {
  const project = { id: SITE_ID, name: "", description: "", contentPermissions: "ManagedByOwner" };
  const page = {
    pagination: { pageNumber: "1", pageSize: "100", totalAvailable: "1" },
    projects: { project: [project] },
  };
  project.description = "x".repeat(bytes - JSON.stringify(page).length);
  return page;
}

function answer(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { ...headers, "content-length": body.length });
  response.end(body);
}

async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await json(request);
  // As long as Tableau's own.
  const token = `bench-${String(sessions.size).padStart(16, "0")}|${"t".repeat(32)}|${SITE_ID}`;
  sessions.add(token);
  answer(
    response,
    Buffer.from(JSON.stringify({ credentials: { token, site: { id: SITE_ID }, user: { id: USER_ID } } })),
  );
}

function sendLarge(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": LARGE_BYTES });
  let left = LARGE_BYTES;
  const send = (): void => {
    while (left > 0) {
      if (response.destroyed) return;
      left -= piece.length;
      if (!response.write(piece)) return void response.once("drain", send);
    }
    response.end();
  };
  send();
}
