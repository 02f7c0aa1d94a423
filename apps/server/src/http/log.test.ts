import { connect } from "node:net";
import pino from "pino";
import { expect, test } from "vitest";
import { startTestEasel } from "../testing/test-easel.ts";

/**
 * A session with every secret there is, logged at the finest level: what is then searched for in the log is each secret
 * as a whole, and each part of a token.
 */
test("no log line holds a token, a secret or a one-time code; each answer's line has the id that the answer had", async () => {
  const lines: string[] = [];
  const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  const easel = await startTestEasel({ log });
  const { project, sandbox } = easel;
  const secrets = new Set<string>([
    sandbox.keys.pat.secret,
    sandbox.keys.user.password,
    sandbox.keys.connectedApp.secretValue,
  ]);
  const secret = (text: string): string => {
    secrets.add(text);
    return text;
  };
  const ids: string[] = [];
  const heard = async (asked: Promise<Response>): Promise<string> => {
    const response = await asked;
    ids.push(response.headers.get("x-request-id") ?? "none");
    return response.text();
  };

  // Tokens: good, expired, foreign, malformed; in the header and in the address.
  const token = secret(await project.token("ana"));
  const expired = secret(await project.token("ana", { exp: 1 }));
  const foreign = secret(await (await easel.newProject()).token("ana"));
  const malformed = secret(`eyJub25zZW5zZSI6${"n".repeat(40)}`);
  for (const bearer of [token, expired, foreign, malformed]) {
    await heard(project.call("ana", "/sdk/me", { token: bearer }));
    for (const path of ["/sdk/me", "/sdk/actions/oauth-nonce", "/sdk/nothing", "/%zz"])
      await heard(
        fetch(
          `${easel.origin}/projects/${project.id}${path}?originForPostMessage=http://localhost:1&userToken=${bearer}`,
        ),
      );
  }

  // Signing in: right and wrong, by each method; then calls, refused and not.
  const where = { serverUrl: sandbox.url, site: sandbox.keys.site.contentUrl };
  for (const payload of [
    { ...where, method: "pat", tokenName: sandbox.keys.pat.name, tokenSecret: sandbox.keys.pat.secret },
    { ...where, method: "pat", tokenName: "unknown", tokenSecret: secret("wrong-pat-secret-5e8d") },
    { ...where, method: "password", username: sandbox.keys.user.name, password: sandbox.keys.user.password },
    { ...where, method: "password", username: sandbox.keys.user.name, password: secret("wrong-password-77aa") },
    { ...where, method: "connectedApp" },
  ]) {
    const json = { integrationId: "tableau", payload, installOptions: { allowMultipleCredentials: true } };
    await heard(project.call("ana", "/sdk/credentials", { method: "POST", json }));
  }
  await heard(project.call("ana", "/sdk/proxy/tableau/projects"));
  await project.connect("bob");
  await heard(project.call("bob", "/sdk/proxy/tableau/projects?filter=name:eq:x"));
  await heard(
    project.call("bob", "/sdk/proxy/tableau/nonsense", { method: "POST", json: { note: secret("in-a-body-31f0") } }),
  );

  // The management API: keys made, keys wrong, an app's secret.
  const made = JSON.parse(
    await heard(project.manage("/api-keys", { method: "POST", json: { name: "ci", role: "admin" } })),
  ) as {
    key: string;
  };
  for (const bearer of [secret(made.key), secret(`easel_key_${"w".repeat(43)}`)])
    await heard(fetch(`${easel.origin}/manage/v1/projects`, { headers: { authorization: `Bearer ${bearer}` } }));
  const clientSecretValue = secret("app-secret-value-90c2");
  const keys = { clientId: "id", clientSecret: "secret id", clientSecretValue, ...where };
  await heard(project.manage("/integrations/tableau", { method: "PATCH", json: keys }));
  await heard(
    project.manage("/integrations/tableau", { method: "PATCH", json: { ...keys, unknown: clientSecretValue } }),
  );
  await heard(
    project.manage("/signing-keys", { method: "POST", json: { publicKey: secret(project.signingKey.privateKey) } }),
  );
  await heard(project.manage("/signing-keys", { method: "POST" }));

  // One-time codes: the popup's and the first run's.
  const build = `/v2/projects/${project.id}/sdk/actions/build-oauth?integrationId=tableau&oauthMetaKeyId=k&userToken=${token}`;
  const { redirectUrl } = JSON.parse(await heard(fetch(easel.origin + build))) as { redirectUrl: string };
  const code = secret(redirectUrl.split("/").at(-1) ?? "");
  await heard(fetch(`${easel.origin}/ui/hosted/${code}/context`));
  await heard(fetch(`${easel.origin}/projects/${project.id}/sdk/portal`, { headers: { "x-easel-connect": code } }));
  const link = (await easel.easel.firstRun.link(project.id)) ?? "";
  secret(link.split("/").at(-1) ?? "");
  await heard(fetch(easel.origin + link));
  await heard(fetch(easel.origin + link, { method: "POST" }));
  await sendUnreadable(easel.origin, `GET /x?userToken=${token} HTTP/9\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  await easel.close();

  const text = lines.join("");
  expect(lines.length).toBeGreaterThan(30);
  for (const each of secrets) {
    const parts = each.startsWith("eyJ") ? each.split(".").filter((part) => part.length > 30) : [each];
    for (const part of parts) {
      expect(text).not.toContain(part);
      expect(text).not.toContain(Buffer.from(part).toString("base64"));
      expect(text).not.toContain([...Buffer.from(part.slice(0, 12))].join(","));
    }
  }
  const answered = lines
    .map((line) => JSON.parse(line) as { msg: string; reqId?: string })
    .filter(({ msg }) => msg === "answered");
  const logged = new Set(answered.map(({ reqId }) => reqId));
  expect(ids.filter((id) => !logged.has(id))).toEqual([]);
});

function sendUnreadable(origin: string, text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(origin).port), "127.0.0.1", () => socket.write(text));
    socket.on("data", () => {});
    socket.on("close", () => resolve());
  });
}
