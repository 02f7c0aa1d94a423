import { connect } from "node:net";
import { join } from "node:path";

/** Role and database of everything Easel keeps. */
export const ROLE = "easel";
export const DATABASE = "easel";

/** The server listens on no TCP port; this one only names the socket file, and is the one every client assumes. */
const PORT = 5432;

export function socketPath(socketDirectory: string): string {
  return join(socketDirectory, `.s.PGSQL.${PORT}`);
}

/** A URL that libpq, `pg` and DBOS all accept (`postgresql://user@/db` is invalid for some). */
export function socketUrl(socketDirectory: string, database: string): string {
  return `postgresql://${ROLE}@localhost/${encodeURIComponent(database)}?host=${encodeURIComponent(socketDirectory)}`;
}

/** What stands behind a socket. `silent`: nobody listens, or no answer in time; `refused`: PostgreSQL's own words. */
export type Answer =
  | { kind: "ready" }
  | { kind: "starting" }
  | { kind: "refused"; message: string }
  | { kind: "silent" };

// "PostgreSQL: Frontend/Backend Protocol", Message Formats.
const PROTOCOL_3_0 = 196_608;
const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);
// "PostgreSQL Error Codes": cannot_connect_now (starting, recovering, shutting down), too_many_connections.
const CANNOT_CONNECT_NOW = "57P03";
const TOO_MANY_CONNECTIONS = "53300";
/** An authentication answer or an error is far smaller; whoever sends more is not PostgreSQL. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Opens a connection as Easel would, reads how the server receives it, and leaves. */
export function shakeHands(socketDirectory: string, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect({ path: socketPath(socketDirectory) });
    let received = Buffer.alloc(0);
    let settled = false;
    const settle = (answer: Answer) => {
      if (settled) return;
      settled = true;
      // The rest of its greeting is still read, else the server logs a broken pipe.
      if (socket.writable) socket.end(TERMINATE);
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => {
      socket.destroy();
      settle({ kind: "silent" });
    });
    socket.on("error", () => settle({ kind: "silent" }));
    socket.on("close", () => settle({ kind: "silent" }));
    socket.on("connect", () => socket.write(startupMessage()));
    socket.on("data", (chunk) => {
      if (settled) return;
      received = Buffer.concat([received, chunk]);
      const answer = received.length > MAX_ANSWER_BYTES ? { kind: "silent" as const } : readAnswer(received);
      if (answer !== null) settle(answer);
    });
  });
}

function startupMessage(): Buffer {
  const parameters = Buffer.from(`user\0${ROLE}\0database\0${DATABASE}\0application_name\0easel-probe\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + parameters.length, 0);
  head.writeInt32BE(PROTOCOL_3_0, 4);
  return Buffer.concat([head, parameters]);
}

/** The first message decides; null while it is incomplete. */
function readAnswer(bytes: Buffer): Answer | null {
  if (bytes.length < 5) return null;
  const end = 1 + bytes.readUInt32BE(1);
  if (bytes.length < end) return null;
  const type = String.fromCharCode(bytes.readUInt8(0));
  if (type === "R") {
    return bytes.readInt32BE(5) === 0 ? { kind: "ready" } : { kind: "refused", message: "it asks for a password" };
  }
  if (type !== "E") return { kind: "silent" };
  const fields = new Map(
    bytes
      .toString("utf8", 5, end)
      .split("\0")
      .filter((field) => field !== "")
      .map((field) => [field.charAt(0), field.slice(1)]),
  );
  const code = fields.get("C");
  if (code === CANNOT_CONNECT_NOW) return { kind: "starting" };
  if (code === TOO_MANY_CONNECTIONS) return { kind: "ready" };
  return { kind: "refused", message: fields.get("M") ?? `error ${code}` };
}
