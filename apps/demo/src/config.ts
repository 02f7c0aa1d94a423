import { join } from "node:path";
import { z } from "zod";

/**
 * What the demo reads from its environment. Easel's server starts the demo as a child and sets these.
 * - `EASEL_DEMO_PORT`: TCP port, 0 for any free one (default 4620)
 * - `EASEL_DEMO_FILE`: path of the demo file that Easel's server writes (default `<EASEL_DATA_DIR>/demo.json`)
 * - `EASEL_LOG_LEVEL`: pino's levels, on stderr (default `warn`)
 */
const environmentSchema = z
  .object({
    EASEL_DEMO_PORT: z.coerce.number().int().min(0).max(65535).default(4620),
    EASEL_DATA_DIR: z.string().min(1).default(".easel"),
    EASEL_DEMO_FILE: z.string().min(1).optional(),
    EASEL_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("warn"),
  })
  .transform((environment) => ({
    port: environment.EASEL_DEMO_PORT,
    demoFile: environment.EASEL_DEMO_FILE ?? join(environment.EASEL_DATA_DIR, "demo.json"),
    logLevel: environment.EASEL_LOG_LEVEL,
  }));

export type DemoConfig = z.infer<typeof environmentSchema>;
export type ConfigResult = { kind: "ok"; config: DemoConfig } | { kind: "invalid"; message: string };

/** Parses the environment once. An invalid value is a sentence for the terminal, not an exception. */
export function parseConfig(environment: Record<string, string | undefined>): ConfigResult {
  const parsed = environmentSchema.safeParse(environment);
  return parsed.success
    ? { kind: "ok", config: parsed.data }
    : { kind: "invalid", message: `The demo's settings are not usable:\n${z.prettifyError(parsed.error)}` };
}
