import * as z from "zod";
import { startSandbox } from "../src/sandbox.ts";

/** The list calls that are measured: with filters and sorts, on first pages and in the middle, small pages and large. */
export const lists: readonly string[] = [
  "users",
  "users?sort=name:asc",
  "users?sort=name:asc&pageNumber=600",
  "users?filter=siteRole:eq:Viewer&sort=name:desc",
  "users?filter=lastLogin:gt:2020-01-01T00:00:00Z&sort=lastLogin:desc&pageSize=1000",
  "users?filter=name:eq:*an*&sort=siteRole:asc,name:desc",
  ...["workbooks", "views", "datasources", "projects"].flatMap((path) => [
    `${path}?sort=name:asc`,
    `${path}?filter=createdAt:gt:2020-01-01T00:00:00Z&sort=name:desc&pageNumber=3`,
    `${path}?filter=name:eq:*a*&sort=updatedAt:desc`,
    `${path}?pageSize=1000&fields=_all_`,
  ]),
  "jobs?filter=status:eq:Success&sort=createdAt:desc",
];

export type LargeSite = Awaited<ReturnType<typeof openLargeSite>>;

/** A site of many times the usual size, with an administrator and a Viewer signed in. */
export async function openLargeSite(scale: number) {
  const sandbox = await startSandbox({ port: 0, host: "127.0.0.1", scale });
  const signIn = async (person: number) => {
    const pat = sandbox.keys.users[person]?.pat ?? sandbox.keys.pat;
    const names = { personalAccessTokenName: pat.name, personalAccessTokenSecret: pat.secret };
    const body = JSON.stringify({ credentials: { ...names, site: sandbox.keys.site } });
    const headers = { "content-type": "application/json", accept: "application/json" };
    const answer = await fetch(`${sandbox.url}/api/3.27/auth/signin`, { method: "POST", headers, body });
    const schema = z.object({ credentials: z.object({ token: z.string(), site: z.object({ id: z.string() }) }) });
    return schema.parse(await answer.json()).credentials;
  };
  return { url: sandbox.url, administrator: await signIn(0), viewer: await signIn(2), close: sandbox.close };
}

/** As many calls of one kind are timed. */
const calls = 15;

const pageSchema = z.object({ pagination: z.object({ totalAvailable: z.string() }) });

/**
 * Times one list call, whole answers read; `available` is undefined where the person may not make it. `busy` is the median
 * of the time that client and sandbox, which share this thread, were at work: other processes don't lengthen it.
 */
export async function askFor(site: LargeSite, who: "administrator" | "viewer", list: string) {
  const { token, site: at } = site[who];
  const headers = { accept: "application/json", "x-tableau-auth": token };
  const [times, work]: [number[], number[]] = [[], []];
  let available: string | undefined;
  for (let call = 0; call < calls; call++) {
    const [started, before] = [performance.now(), process.threadCpuUsage()];
    const answer = await fetch(`${site.url}/api/3.27/sites/${at.id}/${list}`, { headers });
    const written = await answer.text();
    times.push(performance.now() - started);
    const { user, system } = process.threadCpuUsage(before);
    work.push((user + system) / 1000);
    if (answer.ok) available = pageSchema.parse(JSON.parse(written)).pagination.totalAvailable;
  }
  return { median: middle(times), longest: Math.max(...times), busy: middle(work), available };
}

function middle(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
}
