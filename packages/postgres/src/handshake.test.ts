import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Answer, shakeHands, socketPath, socketUrl } from "./handshake.ts";
import { temporaryDirectory } from "./test-server.ts";

/** Listens as a server would and answers the startup message with these chunks. */
async function answering(chunks: readonly Buffer[]): Promise<string> {
  const directory = await temporaryDirectory();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", async () => {
      for (const chunk of chunks) await new Promise((written) => socket.write(chunk, written));
    });
  });
  server.listen(socketPath(directory));
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return directory;
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

const errorMessage = (code: string, text: string) => message("E", Buffer.from(`SFATAL\0C${code}\0M${text}\0\0`));
const authenticated = message("R", Buffer.from([0, 0, 0, 0]));
const asksForPassword = message("R", Buffer.from([0, 0, 0, 3]));

describe("shakeHands", () => {
  test.each<[string, Buffer[], Answer]>([
    ["lets us in", [authenticated], { kind: "ready" }],
    ["answers byte by byte", [...authenticated].map((byte) => Buffer.from([byte])), { kind: "ready" }],
    ["recovers from a crash", [errorMessage("57P03", "the database system is starting up")], { kind: "starting" }],
    ["is full", [errorMessage("53300", "sorry, too many clients already")], { kind: "ready" }],
    ["refuses us", [errorMessage("28000", "no such role")], { kind: "refused", message: "no such role" }],
    ["asks for a password", [asksForPassword], { kind: "refused", message: "it asks for a password" }],
    ["is not PostgreSQL", [Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n".padEnd(70_000))], { kind: "silent" }],
    ["says nothing", [], { kind: "silent" }],
  ])("a server that %s", async (_, chunks, answer) => {
    expect(await shakeHands(await answering(chunks), 500)).toEqual(answer);
  });

  test("nobody listens", async () => {
    expect(await shakeHands(await temporaryDirectory(), 500)).toEqual({ kind: "silent" });
  });
});

test("the URL carries any database name and the socket directory, escaped", () => {
  const url = new URL(socketUrl("/tmp/easel-pg-a b", "a/b?c"));
  expect(url.searchParams.get("host")).toBe("/tmp/easel-pg-a b");
  expect(decodeURIComponent(url.pathname.slice(1))).toBe("a/b?c");
});
