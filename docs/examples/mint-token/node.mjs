// Mints a user token with Node.js alone. It belongs into your server: whoever has the signing key can be any user.
//
//   SIGNING_KEY="$(cat key.pem)" SIGNING_KEY_ID=… PROJECT_ID=… node node.mjs ana@acme.example
import { sign } from "node:crypto";

/**
 * @param {{ id: string, tableauUsername?: string }} user as your own session knows them, never as a request says
 * @param {{ projectId: string, keyId: string, privateKey: string }} project `privateKey` is the PEM that Easel showed once
 */
export function mintUserToken(user, project) {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: "RS256", typ: "JWT", kid: project.keyId };
  const claims = {
    sub: user.id,
    aud: `useparagon.com/${project.projectId}`,
    iat: now,
    exp: now + 60 * 60,
    // Needed where a connected app signs people in: who they are at Tableau.
    ...(user.tableauUsername === undefined ? {} : { "tableau.username": user.tableauUsername }),
  };
  const content = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${content}.${sign("RSA-SHA256", Buffer.from(content), project.privateKey).toString("base64url")}`;
}

const [id = "user-1", tableauUsername] = process.argv.slice(2);
const { PROJECT_ID: projectId = "", SIGNING_KEY_ID: keyId = "", SIGNING_KEY: privateKey = "" } = process.env;
console.log(mintUserToken({ id, tableauUsername }, { projectId, keyId, privateKey }));
