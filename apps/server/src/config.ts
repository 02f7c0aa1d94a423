import { isIP } from "node:net";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { OutboundProxySettings } from "./egress/outbound-proxy.ts";
import type { FurtherLabel } from "./telemetry/metrics.ts";

/** Everything that the environment decides, read once. Nothing else in the server reads `process.env`. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Where people reach this instance, without a trailing slash. */
  readonly origin: string;
  readonly publicUrl: string | null;
  readonly dataDirectory: string;
  readonly database: { readonly kind: "embedded" } | { readonly kind: "external"; readonly url: string };
  /** `EASEL_KEYS` as given; the embedded mode keeps a key file instead. */
  readonly keys: string | null;
  readonly egressAllow: string;
  /** `EASEL_CA_FILE` and `EASEL_EGRESS_PINS`, for `readAuthorities`. */
  readonly egressTrust: { readonly caFile: string; readonly pins: string };
  /** Null: everything is dialled directly. */
  readonly egressProxy: OutboundProxySettings | null;
  /** How many whole days the usage record goes back. */
  readonly usageDays: number;
  /** Where Prometheus asks: a port of its own, or the server's with a token; neither is the default. */
  readonly metrics: {
    readonly host: string;
    readonly port: number | null;
    readonly token: string | null;
    readonly labels: ReadonlySet<FurtherLabel>;
  };
  /** Where OpenTelemetry traces are sent, null for nowhere, and of how many of them. */
  readonly traces: { readonly endpoint: string | null; readonly ratio: number };
  readonly role: "all" | "api" | "worker";
  readonly logLevel: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
  /** `false`, `true`, or the addresses of the proxies in front, comma-separated (Fastify's `trustProxy`). */
  readonly trustProxy: boolean | string;
  /** The demo, its keys, the sandbox and the development keys exist only here: embedded database, loopback, no public URL. */
  readonly isLocal: boolean;
  readonly sandbox: { readonly enabled: boolean; readonly port: number };
  readonly demo: { readonly enabled: boolean; readonly port: number; readonly origin: string };
  /** The instance's own Tableau app, when the environment names one. */
  readonly developmentKeys: DevelopmentKeys | null;
  /** What was asked for and cannot be given, in words, for the log. */
  readonly notices: readonly string[];
}

/** A connected app and the one server and site it may be used for. */
export interface DevelopmentKeys {
  readonly clientId: string;
  readonly secretId: string;
  readonly secretValue: string;
  readonly serverUrl: string;
  readonly site: string;
}

// Each message follows the variable's name, and makes a sentence with it.
const portSchema = z
  .string()
  .regex(/^\d{1,5}$/, "must be a port, from 0 to 65535")
  .transform(Number)
  .refine((port) => port <= 65_535, "must be a port, from 0 to 65535");

const ON = ["1", "true", "on", "yes"];
const OFF = ["0", "false", "off", "no"];
const switchSchema = z
  .string()
  .transform((text) => text.trim().toLowerCase())
  .refine((text) => [...ON, ...OFF, ""].includes(text), "must be on or off")
  .transform((text) => (text === "" ? undefined : ON.includes(text)));

const hostSchema = z
  .string()
  .transform((text) => text.replace(/^\[(.*)\]$/, "$1"))
  .refine((host) => isIP(host) !== 0 || /^[\w.-]+$/.test(host), "must be an address or a name, without a port");

const publicUrlSchema = z
  .string()
  .transform((text) => text.replace(/\/+$/, ""))
  .refine(
    (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? "") && URL.parse(text)?.origin === text.toLowerCase(),
    "must be a scheme, a name and nothing behind them, such as https://easel.example.com",
  )
  .transform((text) => text.toLowerCase());

/** A server's address, with the path prefix that some have. */
const serverSchema = z
  .string()
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && url.username + url.password + url.search + url.hash === "";
  }, "must be a server's address alone, such as https://10ax.online.tableau.com")
  .transform((text) => text.replace(/\/+$/, ""));

const collectorSchema = z
  .string()
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ""), "must be an http or https address");

const trustProxySchema = z
  .string()
  .transform((text) => text.trim().toLowerCase())
  .refine(
    (text) => [...ON, ...OFF, ""].includes(text) || text.split(",").every((entry) => isProxyAddress(entry.trim())),
    "must be true, false, or addresses and CIDRs, comma-separated",
  )
  .transform((text) => (ON.includes(text) ? true : text === "" || OFF.includes(text) ? false : text));

function isProxyAddress(entry: string): boolean {
  const [address = "", bits, ...rest] = entry.split("/");
  const longest = isIP(address) === 6 ? 128 : 32;
  return (
    isIP(address) !== 0 && rest.length === 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= longest))
  );
}

function isFurtherLabel(label: string): label is FurtherLabel {
  return label === "route" || label === "project";
}

/** The descriptions are the table of README.md (`docs/configuration-table.ts`). */
export const environmentSchema = z.object({
  EASEL_PORT: portSchema.default(4600).describe("Port of the server."),
  EASEL_HOST: hostSchema.default("127.0.0.1").describe("Address that it listens on."),
  EASEL_DATA_DIR: z
    .string()
    .min(1)
    .default(".easel")
    .describe("Where the embedded database, the keys and the sandbox's secrets are kept."),
  EASEL_SANDBOX_PORT: portSchema.default(4610).describe("Port of the Tableau sandbox."),
  EASEL_DEMO_PORT: portSchema.default(4620).describe("Port of the demo."),
  EASEL_SANDBOX: switchSchema.optional().describe("`off` leaves the sandbox out, and the demo with it."),
  EASEL_DEMO: switchSchema.optional().describe("`off` leaves the demo out."),
  EASEL_PUBLIC_URL: publicUrlSchema
    .optional()
    .describe("The address that people use, where it is not the one listened on: `https://easel.example.com`."),
  EASEL_KEYS: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Keys that seal secrets: `id:base64 of 32 bytes`, comma-separated; the first seals, all of them open. " +
        "Required with `DATABASE_URL`; else a file of the data directory holds one.",
    ),
  EASEL_EGRESS_ALLOW: z
    .string()
    .default("")
    .describe(
      "What may be called besides https on port 443 of public addresses: `host`, `host:port` or CIDR, comma-separated; " +
        "`http://host:port` where it speaks no TLS.",
    ),
  EASEL_CA_FILE: z
    .string()
    .default("")
    .describe(
      "PEM files of certificate authorities to believe besides the usual ones, comma-separated; `host=file` for one " +
        "server, which is then believed with that file alone.",
    ),
  EASEL_EGRESS_PINS: z
    .string()
    .default("")
    .describe(
      "For servers whose certificate nobody vouches for: `host=SHA-256 fingerprint` of that certificate, comma-separated.",
    ),
  EASEL_EGRESS_PROXY: z
    .string()
    .optional()
    .describe("The proxy that everything but loopback goes out through: `http://proxy.corp.example:3128`."),
  EASEL_EGRESS_NO_PROXY: z
    .string()
    .default("")
    .describe("What does not: `host`, `.suffix`, address or CIDR, comma-separated."),
  EASEL_DEV_CLIENT_ID: z.string().min(1).optional().describe("Development keys: the connected app's client ID."),
  EASEL_DEV_SECRET_ID: z.string().min(1).optional().describe("Development keys: its secret ID."),
  EASEL_DEV_SECRET_VALUE: z.string().min(1).optional().describe("Development keys: its secret value."),
  EASEL_DEV_SERVER: serverSchema.optional().describe("Development keys: the one server that they are used for."),
  EASEL_DEV_SITE: z.string().optional().describe("Development keys: its one site; empty is the default site."),
  EASEL_USAGE_DAYS: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, "must be a number of days, from 1 to 9999")
    .default("30")
    .describe("For how many whole days the usage record is kept."),
  EASEL_METRICS_PORT: portSchema
    .optional()
    .describe(
      "A port of its own for `GET /metrics`, for Prometheus. Without it, and without a token, there are no metrics.",
    ),
  EASEL_METRICS_HOST: hostSchema.default("127.0.0.1").describe("Address that the port for metrics listens on."),
  EASEL_METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, "must be 16 characters or more, without spaces")
    .optional()
    .describe("The bearer token for `GET /metrics`: with it the server's own port answers there, too."),
  EASEL_METRICS_LABELS: z
    .string()
    .transform(
      (text) =>
        new Set(
          text
            .split(",")
            .map((label) => label.trim())
            .filter((label) => label !== ""),
        ),
    )
    .refine((labels) => [...labels].every(isFurtherLabel), "must be route, project, or both, comma-separated")
    .transform((labels) => new Set([...labels].filter(isFurtherLabel)))
    .optional()
    .describe("What `easel_calls_total` tells apart besides: `route`, `project`, or both, comma-separated."),
  EASEL_OTEL_ENDPOINT: collectorSchema
    .optional()
    .describe("Where OpenTelemetry traces go, by OTLP over HTTP: `http://127.0.0.1:4318`. Without it there are none."),
  OTEL_EXPORTER_OTLP_ENDPOINT: collectorSchema
    .optional()
    .describe("The same, under the name that OpenTelemetry's own tools read."),
  EASEL_OTEL_RATIO: z
    .string()
    .regex(/^(0(\.\d+)?|1(\.0+)?|\.\d+)$/, "must be a number from 0 to 1")
    .default("1")
    .describe(
      "Of the traces that begin at Easel, the share that is kept. A caller's `traceparent` decides for its own.",
    ),
  EASEL_ROLE: z
    .enum(["all", "api", "worker"], "must be all, api or worker")
    .default("all")
    .describe("What this process does; a `worker` answers health checks only."),
  EASEL_LOG_LEVEL: z
    .enum(
      ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
      "must be trace, debug, info, warn, error, fatal or silent",
    )
    .default("info")
    .describe("The least level that is logged."),
  EASEL_TRUST_PROXY: trustProxySchema
    .default(false)
    .describe("Whose `X-Forwarded-*` headers count: `true`, or addresses and CIDRs of the proxies in front."),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgresql://")
    .optional()
    .describe("A PostgreSQL of yours, 15 or newer. Without it Easel runs its own."),
});
type Environment = z.infer<typeof environmentSchema>;

/** A setting that cannot be read, in one sentence that names it. */
export class ConfigError extends Error {}

/**
 * Reads the configuration from environment variables. Empty variables count as unset.
 * Throws `ConfigError`, which never repeats a value (it could be a secret).
 */
export function readConfig(variables: Readonly<Record<string, string | undefined>>, workingDirectory: string): Config {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(`${issue?.path.join(".") ?? "The environment"} ${issue?.message ?? "cannot be read"}.`);
  }
  const environment = parsed.data;
  const isEmbedded = environment.DATABASE_URL === undefined;
  const isLocal = isEmbedded && isLoopbackHost(environment.EASEL_HOST) && environment.EASEL_PUBLIC_URL === undefined;
  const notices = Object.keys(given)
    .filter((name) => name.startsWith("EASEL_") && !Object.hasOwn(environmentSchema.shape, name))
    .map((name) => `${name} is no setting of Easel's, and changes nothing.`);
  const localOnly = (name: string, asked: boolean | undefined): boolean => {
    if (asked === true && !isLocal) {
      notices.push(
        `${name} not used: only with the embedded database, on a loopback address, without EASEL_PUBLIC_URL.`,
      );
    }
    return isLocal && asked !== false;
  };
  const sandboxEnabled = localOnly("The sandbox is", environment.EASEL_SANDBOX);
  const developmentKeys = readDevelopmentKeys(environment);
  const hasDevelopmentKeys = localOnly("EASEL_DEV_… is", developmentKeys !== null);
  const demoEnabled = localOnly("The demo is", environment.EASEL_DEMO) && sandboxEnabled;
  return {
    host: environment.EASEL_HOST,
    port: environment.EASEL_PORT,
    origin: environment.EASEL_PUBLIC_URL ?? `http://${nameOf(environment.EASEL_HOST)}:${environment.EASEL_PORT}`,
    publicUrl: environment.EASEL_PUBLIC_URL ?? null,
    dataDirectory: resolve(workingDirectory, environment.EASEL_DATA_DIR),
    database:
      environment.DATABASE_URL === undefined
        ? { kind: "embedded" }
        : { kind: "external", url: environment.DATABASE_URL },
    keys: environment.EASEL_KEYS ?? null,
    egressAllow: environment.EASEL_EGRESS_ALLOW,
    egressTrust: { caFile: environment.EASEL_CA_FILE, pins: environment.EASEL_EGRESS_PINS },
    egressProxy:
      environment.EASEL_EGRESS_PROXY === undefined
        ? null
        : { url: environment.EASEL_EGRESS_PROXY, except: environment.EASEL_EGRESS_NO_PROXY },
    usageDays: Number(environment.EASEL_USAGE_DAYS),
    metrics: {
      host: environment.EASEL_METRICS_HOST,
      port: environment.EASEL_METRICS_PORT ?? null,
      token: environment.EASEL_METRICS_TOKEN ?? null,
      labels: environment.EASEL_METRICS_LABELS ?? new Set(),
    },
    traces: {
      endpoint: environment.EASEL_OTEL_ENDPOINT ?? environment.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
      ratio: Number(environment.EASEL_OTEL_RATIO),
    },
    role: environment.EASEL_ROLE,
    logLevel: environment.EASEL_LOG_LEVEL,
    trustProxy: environment.EASEL_TRUST_PROXY,
    isLocal,
    sandbox: { enabled: sandboxEnabled, port: environment.EASEL_SANDBOX_PORT },
    demo: {
      enabled: demoEnabled,
      port: environment.EASEL_DEMO_PORT,
      origin: `http://localhost:${environment.EASEL_DEMO_PORT}`,
    },
    developmentKeys: hasDevelopmentKeys ? developmentKeys : null,
    notices,
  };
}

/** Where the demo's facts are kept for the demo itself and for the CLI; mode 0600. */
export function demoFile(dataDirectory: string): string {
  return join(dataDirectory, "demo.json");
}

export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

function nameOf(host: string): string {
  if (isLoopbackHost(host)) return "localhost";
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

function readDevelopmentKeys(environment: Environment): DevelopmentKeys | null {
  const {
    EASEL_DEV_CLIENT_ID: clientId,
    EASEL_DEV_SECRET_ID: secretId,
    EASEL_DEV_SECRET_VALUE: secretValue,
    EASEL_DEV_SERVER: serverUrl,
    EASEL_DEV_SITE: site = "",
  } = environment;
  const together = [clientId, secretId, secretValue, serverUrl];
  if (together.every((value) => value === undefined) && site === "") return null;
  if (clientId === undefined || secretId === undefined || secretValue === undefined || serverUrl === undefined) {
    throw new ConfigError(
      "EASEL_DEV_CLIENT_ID, EASEL_DEV_SECRET_ID, EASEL_DEV_SECRET_VALUE and EASEL_DEV_SERVER belong together: set all four or none.",
    );
  }
  return { clientId, secretId, secretValue, serverUrl, site };
}
