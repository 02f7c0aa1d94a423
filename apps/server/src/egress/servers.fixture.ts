import { once } from "node:events";
import http, { type RequestListener } from "node:http";
import https from "node:https";
import net, { type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { parseEgressAllow } from "./allowance.ts";
import { createEgress, type Egress, type EgressOptions } from "./egress.ts";
import { selfSigned } from "./self-signed.fixture.ts";

/** Servers and egresses end with the test that began them. */
export function startHttp(answer: RequestListener): Promise<{ port: number; server: http.Server }> {
  const server = http.createServer(answer);
  onTestFinished(() => server.closeAllConnections());
  return listen(server);
}

export function startHttps(answer: RequestListener): Promise<{ port: number; server: https.Server }> {
  const server = https.createServer({ key: selfSigned.key, cert: selfSigned.cert }, answer);
  onTestFinished(() => server.closeAllConnections());
  return listen(server);
}

export function startTcp(talk: (socket: Socket) => void): Promise<{ port: number; server: Server }> {
  return listen(
    net.createServer((socket) => {
      onTestFinished(() => void socket.destroy());
      socket.on("error", () => {}); // the other side may leave as it likes
      talk(socket);
    }),
  );
}

async function listen<S extends Server>(server: S): Promise<{ port: number; server: S }> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  return { port: portOf(server), server };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Not listening on a port.");
  return address.port;
}

export function startEgress(allow: string, options?: Omit<EgressOptions, "allow">): Egress {
  const egress = createEgress({ allow: parseEgressAllow(allow), ...options });
  onTestFinished(() => egress.close());
  return egress;
}

/** Sends a GET with time enough. */
export function get(egress: Egress, url: string) {
  return egress.send(10_000)({ method: "GET", url, headers: {} });
}
