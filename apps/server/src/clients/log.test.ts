import pino from "pino";
import { expect, test } from "vitest";
import { startTestEasel } from "../testing/test-easel.ts";
import { openClient } from "./clients.fixture.ts";

test("no log line holds what a client signs in with or carries, whatever becomes of it", async () => {
  const lines: string[] = [];
  const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  const easel = await startTestEasel({ log });
  const client = await openClient(easel, easel.project);
  const { token } = await client.signIn();
  const userToken = await easel.project.token("ana");
  const secrets = [client.key, token, userToken, "wrong-secret-5e8d"];
  for (const server of [client.prefix, easel.origin]) {
    for (const secret of secrets) {
      const bodies = [
        `<tsRequest><credentials name="${client.name}" password="${secret}"><site contentUrl=""/></credentials></tsRequest>`,
        `<tsRequest><credentials name="${client.name}" password="${secret}"`,
        `{"credentials":{"jwt":"${secret}","site":{"contentUrl":"other"}}}`,
        `{"site":{"contentUrl":"${secret}"}}`,
        secret,
      ];
      for (const body of bodies) {
        for (const route of ["signin", "switchSite", "signout", "anything"]) {
          const headers = { "x-tableau-auth": secret, authorization: `Bearer ${secret}` };
          await (await fetch(`${server}/api/3.27/auth/${route}`, { method: "POST", body, headers })).text();
        }
      }
    }
  }
  await easel.close();
  expect(lines.length).toBeGreaterThan(100);
  const whole = lines.join("");
  for (const secret of secrets) {
    for (const part of secret.split(/[.|]/).filter((piece) => piece.length > 20 && !piece.startsWith("eyJhbGci")))
      expect(whole).not.toContain(part.slice(-30));
  }
  expect(whole).not.toContain("wrong-secret-5e8d");
});
