import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError, environmentSchema, readConfig } from "./config.ts";
import { loadKeyRing } from "./key-ring.ts";
import { newKey } from "./vault/keys.ts";

const read = (variables: Record<string, string>) => readConfig(variables, "/srv/easel");

describe("Without any variable", () => {
  test("an instance is local, with demo and sandbox, on the usual ports", () => {
    const blank: Record<string, string>[] = [
      {},
      { EASEL_PORT: "", EASEL_DATA_DIR: "", DATABASE_URL: "", EASEL_PUBLIC_URL: "" },
    ];
    for (const variables of blank) {
      expect(read(variables)).toEqual({
        host: "127.0.0.1",
        port: 4600,
        origin: "http://localhost:4600",
        publicUrl: null,
        dataDirectory: "/srv/easel/.easel",
        database: { kind: "embedded" },
        keys: null,
        egressAllow: "",
        egressTrust: { caFile: "", pins: "" },
        egressProxy: null,
        usageDays: 30,
        metrics: { host: "127.0.0.1", port: null, token: null, labels: new Set() },
        traces: { endpoint: null, ratio: 1 },
        role: "all",
        logLevel: "info",
        trustProxy: false,
        isLocal: true,
        sandbox: { enabled: true, port: 4610 },
        demo: { enabled: true, port: 4620, origin: "http://localhost:4620" },
        developmentKeys: null,
        notices: [],
      });
    }
  });
});

describe("Demo, sandbox and development keys", () => {
  const dev = {
    EASEL_DEV_CLIENT_ID: "id",
    EASEL_DEV_SECRET_ID: "secret id",
    EASEL_DEV_SECRET_VALUE: "secret value",
    EASEL_DEV_SERVER: "https://10ax.online.tableau.com/",
    EASEL_DEV_SITE: "acme",
  };

  test.each([
    ["with a database of one's own", { DATABASE_URL: "postgresql://db/easel" }],
    ["bound to the network", { EASEL_HOST: "0.0.0.0" }],
    ["bound to an address of the network", { EASEL_HOST: "192.168.1.5" }],
    ["bound to a name", { EASEL_HOST: "easel.internal" }],
    ["with a public address", { EASEL_PUBLIC_URL: "https://easel.example.com" }],
    ["with a public address that is this machine", { EASEL_PUBLIC_URL: "http://localhost:4600" }],
  ])("do not exist %s, and asking for them is answered in the log", (_what, variables) => {
    const quiet = read(variables);
    expect(quiet).toMatchObject({ isLocal: false, sandbox: { enabled: false }, demo: { enabled: false }, notices: [] });
    const asked = read({ ...variables, ...dev, EASEL_DEMO: "on", EASEL_SANDBOX: "on" });
    expect(asked).toMatchObject({ sandbox: { enabled: false }, demo: { enabled: false }, developmentKeys: null });
    expect(asked.notices).toHaveLength(3);
  });

  test.each(["127.0.0.1", "localhost", "::1", "[::1]", "127.1.2.3"])("exist on %s", (host) => {
    expect(read({ EASEL_HOST: host, ...dev })).toMatchObject({
      origin: "http://localhost:4600",
      demo: { enabled: true },
      developmentKeys: { clientId: "id", serverUrl: "https://10ax.online.tableau.com", site: "acme" },
    });
  });

  test("are switched off one by one; the demo needs the sandbox", () => {
    expect(read({ EASEL_DEMO: "off" })).toMatchObject({ sandbox: { enabled: true }, demo: { enabled: false } });
    expect(read({ EASEL_SANDBOX: "No" })).toMatchObject({ sandbox: { enabled: false }, demo: { enabled: false } });
    expect(read({ EASEL_DEMO: " 1 " })).toMatchObject({ demo: { enabled: true } });
  });

  test.each(Object.keys(dev))("development keys with %s alone are refused", (name) => {
    expect(() => read({ [name]: dev[name as keyof typeof dev] })).toThrow(/belong together/);
  });
});

test("an address of the network is said as people reach it", () => {
  expect(read({ EASEL_HOST: "fd00::1", EASEL_PORT: "80" }).origin).toBe("http://[fd00::1]:80");
  expect(read({ EASEL_PUBLIC_URL: "https://Easel.Example.com/" })).toMatchObject({
    origin: "https://easel.example.com",
    publicUrl: "https://easel.example.com",
  });
});

test.each([
  ["true", true],
  ["1", true],
  ["false", false],
  ["10.0.0.0/8, ::1", "10.0.0.0/8, ::1"],
])("EASEL_TRUST_PROXY %s", (text, expected) => {
  expect(read({ EASEL_TRUST_PROXY: text }).trustProxy).toBe(expected);
});

describe("A value that cannot be used", () => {
  test.each([
    ["EASEL_PORT", "65536"],
    ["EASEL_PORT", "4600x"],
    ["EASEL_PORT", "0x10"],
    ["EASEL_PORT", " "],
    ["EASEL_SANDBOX_PORT", "-1"],
    ["EASEL_DEMO_PORT", "4.5"],
    ["EASEL_HOST", "localhost:4600"],
    ["EASEL_HOST", "http://localhost"],
    ["EASEL_DEMO", "perhaps"],
    ["EASEL_PUBLIC_URL", "easel.acme.example"],
    ["EASEL_PUBLIC_URL", "ftp://easel.example.com"],
    ["EASEL_PUBLIC_URL", "https://easel.example.com/path"],
    ["EASEL_PUBLIC_URL", "https://me:password@easel.example.com"],
    ["EASEL_ROLE", "everything"],
    ["EASEL_LOG_LEVEL", "loud"],
    ["EASEL_TRUST_PROXY", "2"],
    ["EASEL_TRUST_PROXY", "10.0.0.0/33"],
    ["EASEL_TRUST_PROXY", "proxy.example"],
    ["EASEL_DEV_SERVER", "https://me:password@tableau.example"],
    ["DATABASE_URL", "mysql://me:password@db/easel"],
  ])("is one sentence that names it and does not repeat it: %s=%s", (name, value) => {
    let said = "";
    try {
      read({ [name]: value });
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      said = (error as Error).message;
    }
    expect(said).toMatch(new RegExp(`^${name} must [^\\n]*\\.$`));
    if (value.trim().length > 1) expect(said).not.toContain(value);
    expect(said).not.toContain("password");
  });

  test("never ends in anything but a ConfigError, whatever the variables hold", () => {
    const names = fc.constantFrom(...Object.keys(environmentSchema.shape));
    const variables = fc.dictionary(names, fc.oneof(fc.string(), fc.webUrl(), fc.nat().map(String)));
    fc.assert(
      fc.property(variables, (given) => {
        try {
          read(given);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          for (const value of Object.values(given).filter((text) => text.length > 30))
            expect((error as Error).message).not.toContain(value);
        }
      }),
    );
  });

  test("a name that is no setting is told, since it may be mistyped", () => {
    expect(read({ EASEL_PROT: "4601" }).notices).toEqual(["EASEL_PROT is no setting of Easel's, and changes nothing."]);
  });
});

describe("The keys that seal secrets", () => {
  test("come from EASEL_KEYS, the first seals", async () => {
    const [first, second] = [newKey(), newKey()];
    const ring = await loadKeyRing(read({ EASEL_KEYS: `${first},${second}` }));
    expect(ring.sealing).toBe(first.split(":")[0]);
    expect(ring.keys.size).toBe(2);
  });

  test.each(["nonsense", "k1:dG9vIHNob3J0", `k1:${"A".repeat(43)}!`, ","])(
    "are refused in a sentence that names the variable: %s",
    async (keys) => {
      const refusal = await loadKeyRing(read({ EASEL_KEYS: keys })).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ConfigError);
      expect((refusal as Error).message).toMatch(/^EASEL_KEYS cannot be used: [^\n]*$/);
      for (const part of keys.split(/[:,]/).filter((text) => text.length > 4))
        expect((refusal as Error).message).not.toContain(part);
    },
  );

  test("must be given with a database of one's own", async () => {
    await expect(loadKeyRing(read({ DATABASE_URL: "postgresql://db/easel" }))).rejects.toThrow(
      /^EASEL_KEYS is not set\..*keys new/,
    );
  });

  test("are made and kept in the data directory, for the owner alone, with the embedded database", async () => {
    const directory = await mkdtemp(join(tmpdir(), "easel-keys-"));
    const config = read({ EASEL_DATA_DIR: directory });
    const made = await loadKeyRing(config);
    expect((await stat(join(directory, "keys"))).mode & 0o777).toBe(0o600);
    expect((await loadKeyRing(config)).sealing).toBe(made.sealing);
    await rm(directory, { recursive: true });
  });
});
