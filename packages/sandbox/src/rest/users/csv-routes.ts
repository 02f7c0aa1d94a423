import { Readable } from "node:stream";
import type * as z from "zod";
import { readMultipart, readText } from "../../wire/multipart.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { done, type Reply } from "../../wire/reply.ts";
import { readRequestBody } from "../../wire/request-body.ts";
import { attribute, element, read, repeated } from "../../wire/request-schema.ts";
import { startJob } from "../jobs/jobs.ts";
import { acceptedJob } from "../jobs/resource.ts";
import type { Route, SessionCall } from "../route.ts";
import { type CsvUser, mostLines, nameOf, readCsv, readCsvUser } from "./csv.ts";
import { leave } from "./leaving.ts";
import type { User } from "./model.ts";
import { ownersOf } from "./ownership.ts";
import { changeSiteRole, readAuthSetting } from "./roles.ts";

/** Of a CSV file, in bytes. */
const largestFile = 8 * 1024 * 1024;

/** A user without a name says how all of the file's users sign in. */
const payloadSchema = element({
  user: repeated(element({ name: attribute.optional(), authSetting: attribute.optional() }), mostLines),
});

type Payload = z.output<typeof payloadSchema>;

export const csvRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/users/import",
    body: "stream",
    jwt: "tableau:users:create",
    role: "siteAdministrator",
    handle: importFile,
  },
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/users/delete",
    body: "stream",
    jwt: "tableau:users:delete",
    role: "siteAdministrator",
    handle: deleteByFile,
  },
];

async function importFile(call: SessionCall): Promise<Reply | Refusal> {
  const upload = await readUpload(call, "tableau_user_import");
  if (isRefusal(upload)) return upload;
  const settings = new Map(upload.payload.user.map(({ name, authSetting }) => [name?.toLowerCase(), authSetting]));
  const users: CsvUser[] = [];
  for (const line of upload.lines) {
    const user = readCsvUser(line);
    if (user === undefined) continue;
    const written = settings.get(user.name.toLowerCase()) ?? settings.get(undefined);
    const authSetting = written === undefined ? undefined : readAuthSetting(written);
    if (isRefusal(authSetting)) return authSetting;
    users.push({ ...user, authSetting });
  }
  const { site, user } = call.session;
  const skipped = upload.lines.length - users.length;
  const job = startJob(site, {
    kind: "createUsers",
    now: call.scene.now,
    title: upload.filename,
    startedBy: user,
    onEnd: { effect: "usersImported", users, skipped },
  });
  return acceptedJob(job, call.scene);
}

/** At once and without a job, as clients know it. inferred: who owns content stays, unlicensed. */
async function deleteByFile(call: SessionCall): Promise<Reply | Refusal> {
  const upload = await readUpload(call, "tableau_user_delete");
  if (isRefusal(upload)) return upload;
  const { site, user: self } = call.session;
  const names = new Set(upload.lines.map(([name = ""]) => nameOf(name).toLowerCase()));
  const owners = ownersOf(site);
  const leaving = new Set<User>();
  for (const user of site.users.values()) {
    if (user === self || !names.has(user.name.toLowerCase())) continue;
    if (owners.has(user)) changeSiteRole(call.world, site, user, "Unlicensed");
    else leaving.add(user);
  }
  leave(call.world, site, leaving);
  return done;
}

type Upload = { filename: string; lines: string[][]; payload: Payload };

async function readUpload({ stream, headers }: SessionCall, partName: string): Promise<Upload | Refusal> {
  let filename = "users.csv";
  let lines: string[][] | undefined;
  let payload: Payload = { user: [] };
  const refusal = await readMultipart(stream, headers["content-type"], async (part) => {
    if (part.name === "request_payload") {
      const body = await readRequestBody(Readable.from(part.body), part.contentType);
      const written = isRefusal(body) ? body : read(payloadSchema, body.content);
      if (isRefusal(written)) return written;
      payload = written;
    }
    if (part.name === partName) {
      const text = await readText(part.body, largestFile);
      if (text === undefined) return refuse("413000", `The file is larger than ${largestFile} bytes.`);
      filename = part.filename || filename;
      lines = readCsv(text);
    }
    return undefined;
  });
  if (refusal !== undefined) return refusal;
  if (lines === undefined) return refuse("400000", `The request must hold a CSV file as '${partName}'.`);
  if (lines.length > mostLines) return refuse("400000", `The file has more than ${mostLines} lines.`);
  return { filename, lines, payload };
}
