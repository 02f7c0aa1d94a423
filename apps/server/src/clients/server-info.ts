import type { Send } from "@easel/connector";
import { newestApiVersion } from "@easel/tableau/probe";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { Element } from "./answers.ts";

/**
 * What a Tableau server says of itself, as it says it: public clients want the build, and more, of which Easel keeps
 * nothing for itself.
 */
export interface ServerInfos {
  /** Null where it does not answer. */
  of(serverUrl: string): Promise<ServerInfo | null>;
}

export interface ServerInfo {
  readonly productVersion: string;
  readonly build: string | null;
  readonly prepConductorVersion: string | null;
  readonly restApiVersion: string;
  readonly platform: string | null;
  readonly serverSettings: Readonly<Record<string, Setting>>;
}

type Setting = string | number | boolean;

/** Asked again after. Anybody may ask, so that a server must not hear of each time. */
const BELIEVED_MS = 600_000;
const AGAIN_MS = 30_000;
/** Servers kept in memory at most. */
const KEPT = 1000;

export function createServerInfos({ send, clock }: { send: Send; clock: () => number }): ServerInfos {
  const known = new LRUCache<string, { answer: Promise<ServerInfo | null>; until: number }>({ max: KEPT });
  return {
    of: (serverUrl) => {
      const before = known.get(serverUrl);
      if (before !== undefined && before.until > clock()) return before.answer;
      const entry = { answer: ask(serverUrl, send), until: clock() + BELIEVED_MS };
      known.set(serverUrl, entry);
      void entry.answer.then((info) => {
        if (info === null) entry.until = clock() + AGAIN_MS;
      });
      return entry.answer;
    },
  };
}

async function ask(serverUrl: string, send: Send): Promise<ServerInfo | null> {
  try {
    const url = `${serverUrl}/api/2.4/serverinfo`;
    const said = await send({ method: "GET", url, headers: { accept: "application/json" } });
    if (said.kind === "unreachable" || said.status !== 200) return null;
    const { serverInfo } = body.parse(JSON.parse(said.body));
    const { value, build = null } = serverInfo.productVersion;
    return { ...serverInfo, productVersion: value, build };
  } catch {
    return null;
  }
}

const words = z.string().max(200);
const setting = z.union([words, z.number(), z.boolean()]);
const body = z.object({
  serverInfo: z.object({
    productVersion: z.union([
      words.transform((value) => ({ value, build: undefined })),
      z.object({ value: words, build: words.optional() }),
    ]),
    prepConductorVersion: words.nullish().transform((value) => value ?? null),
    restApiVersion: z.string().regex(/^\d{1,2}\.\d{1,3}$/),
    platform: words.nullish().transform((value) => value ?? null),
    serverSettings: z
      .object({
        oAuthEnabled: setting.optional(),
        sheetImageMaxAgeFloor: setting.optional(),
        sheetImageMaxAgeCeiling: setting.optional(),
        offlineInteractionSupportedPhase: setting.optional(),
      })
      .nullish()
      .transform((settings) => defined(settings ?? {})),
  }),
});

function defined(settings: Readonly<Record<string, Setting | undefined>>): Record<string, Setting> {
  const written: Record<string, Setting> = {};
  for (const [name, value] of Object.entries(settings)) if (value !== undefined) written[name] = value;
  return written;
}

/**
 * Where nobody has said yet which credential is meant: the newest version whose shapes Easel knows. Calls at a version
 * that a credential's server does not speak are made at the one that it does.
 */
export const ANY_SERVER: ServerInfo = {
  productVersion: "2026.2.0",
  build: "20262.26.0000.0000",
  prepConductorVersion: null,
  restApiVersion: newestApiVersion,
  platform: null,
  serverSettings: {},
};

/** As Tableau writes it. */
export function serverInfoElement(info: ServerInfo): Element {
  const { productVersion, build, prepConductorVersion, restApiVersion, platform, serverSettings } = info;
  const settings = Object.entries(serverSettings).map(([name, content]) => ({ name, content }));
  return {
    name: "serverInfo",
    content: [
      {
        name: "productVersion",
        content: productVersion,
        ...(build === null ? {} : { attributes: { build } }),
      },
      ...(prepConductorVersion === null ? [] : [{ name: "prepConductorVersion", content: prepConductorVersion }]),
      { name: "restApiVersion", content: restApiVersion },
      ...(platform === null ? [] : [{ name: "platform", content: platform }]),
      ...(settings.length === 0 ? [] : [{ name: "serverSettings", content: settings }]),
    ],
  };
}
