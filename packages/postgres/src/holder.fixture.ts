// A process that runs the embedded PostgreSQL of one data directory, as Easel's server does: tests start it to kill it.
// Prints one JSON line, {"url","pid"} or {"code","message"}, and stops on SIGTERM.
import { PostgresError, startPostgres } from "./postgres.ts";

const [dataDirectory = ""] = process.argv.slice(2);
try {
  const postgres = await startPostgres({ dataDirectory, log: ({ message }) => process.stderr.write(`${message}\n`) });
  process.on("SIGTERM", () => void postgres.stop());
  process.stdout.write(`${JSON.stringify({ url: postgres.url(), pid: postgres.pid() })}\n`);
} catch (error) {
  if (!(error instanceof PostgresError)) throw error;
  process.stdout.write(`${JSON.stringify({ code: error.code, message: error.message, logLines: error.logLines })}\n`);
}
