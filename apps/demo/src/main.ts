import { fileURLToPath } from "node:url";
import { buildApp } from "./app.ts";
import { parseConfig } from "./config.ts";
import { openDemoFile } from "./demo-file.ts";

/** How long a start waits for Easel's server to write the demo file. After that the pages say what is missing. */
const demoFileWaitMs = 10_000;

const parsed = parseConfig(process.env);
if (parsed.kind === "invalid") {
  process.stderr.write(`${parsed.message}\n`);
  process.exit(1);
}
const { port, demoFile: path, logLevel } = parsed.config;

const demoFile = openDemoFile(path);
const app = await buildApp({
  demoFile,
  pagesDir: fileURLToPath(new URL("../dist", import.meta.url)),
  clock: Date.now,
  logger: { name: "demo", level: logLevel, stream: process.stderr },
});

async function end(): Promise<void> {
  await app.close();
  process.exit(0);
}
// `disconnect`: the server that started the demo is gone, so there is nothing left to embed.
for (const signal of ["SIGTERM", "SIGINT", "disconnect"]) process.once(signal, end);

await demoFile.waitUntilReady(demoFileWaitMs);
try {
  await app.listen({ port, host: "127.0.0.1" });
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `Acme, the demo, cannot listen on port ${port}: ${reason}\nSet EASEL_DEMO_PORT to a free port.\n`,
  );
  process.exit(1);
}
const address = app.server.address();
process.send?.({ ready: true, port: typeof address === "object" && address !== null ? address.port : port });
