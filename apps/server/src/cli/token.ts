import { importPKCS8, SignJWT } from "jose";
import { type Config, demoFile } from "../config.ts";
import { readInstance } from "../instance/instance.ts";
import { Refusal } from "../refusal.ts";
import { type DemoFile, readDemoFile } from "../seed/demo-project.ts";

/** The demo of the running instance of this data directory. */
export async function runningDemo(config: Config): Promise<DemoFile> {
  const instance = readInstance(config.dataDirectory);
  if (instance === null) {
    throw new Refusal(`No Easel runs with the data directory ${config.dataDirectory}. Start it with npm start.`);
  }
  // The file may be left over from a start that had a demo.
  const demo = instance.demoOrigin === undefined ? null : await readDemoFile(demoFile(config.dataDirectory));
  if (demo === null)
    throw new Refusal(
      "This instance has no demo: it runs with the embedded database, on a loopback address, without EASEL_PUBLIC_URL.",
    );
  return demo;
}

/** A user token of the demo project, as its SaaS would sign it. `lifetimeS` in seconds. */
export async function mintDemoToken(
  demo: DemoFile,
  token: { user: string; claims: Readonly<Record<string, unknown>>; lifetimeS: number; now: number },
): Promise<string> {
  const iat = Math.floor(token.now / 1000);
  return new SignJWT({
    aud: `useparagon.com/${demo.projectId}`,
    ...token.claims,
    sub: token.user,
    iat,
    exp: iat + token.lifetimeS,
  })
    .setProtectedHeader({ alg: "RS256", kid: demo.signingKey.kid, typ: "JWT" })
    .sign(await importPKCS8(demo.signingKey.privateKey, "RS256"));
}
