import { createServer } from "node:http";
import { Pool } from "undici";
import { listen } from "./listen.ts";

/** `node bare.ts UPSTREAM`: what node:http and undici do by themselves: passes everything on, checks nothing. */

const pool = new Pool(process.argv[2] ?? "", { connections: 256 });

const server = createServer(async (request, response) => {
  const { method = "GET", url = "/" } = request;
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const hasBody = headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
  try {
    const answer = await pool.request({ method, path: url, headers, body: hasBody ? request : null });
    response.writeHead(answer.statusCode, answer.headers);
    answer.body.once("error", () => response.destroy());
    response.once("close", () => answer.body.destroy());
    answer.body.pipe(response);
  } catch {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  }
});
server.keepAliveTimeout = 60_000;
listen(server);
