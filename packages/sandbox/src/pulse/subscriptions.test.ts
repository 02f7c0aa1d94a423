import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../testing/client.ts";
import { type PulseClient, pulseOf, pulseSchemas } from "../testing/pulse.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let pulse: PulseClient;
let metrics: string[];
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
  pulse = pulseOf(sandbox, ana);
  const { definitions } = await pulse.read(pulseSchemas.definitions, "GET", "/definitions?view=DEFINITION_VIEW_FULL");
  metrics = definitions.flatMap((definition) => definition.metrics.map(({ id }) => id));
});
afterAll(() => sandbox.close());

const { subscription: one, subscriptions: several } = pulseSchemas;
const countsSchema = z.object({
  follower_counts: z.array(z.object({ metric_id: z.string(), follower_count: z.number() })),
});

const followersOf = async (metricId: string) =>
  (await pulse.read(several, "GET", `/subscriptions?metric_id=${metricId}`)).subscriptions;
/** A metric that nobody follows. */
const unfollowed = async (): Promise<string> => {
  for (const id of metrics) if ((await followersOf(id)).length === 0) return id;
  throw new Error("Every metric is followed.");
};

describe("subscriptions", () => {
  test("are made, shown, moved to another follower, and ended", async () => {
    const metric_id = await unfollowed();
    const follower = { user_id: ana.user.id };
    const made = await pulse.read(one, "POST", "/subscriptions", { metric_id, follower });
    expect(made.subscription).toMatchObject({ metric_id, follower });
    const path = `/subscriptions/${made.subscription.id}`;
    expect(await pulse.read(one, "GET", path)).toEqual(made);
    expect(await pulse.code("POST", "/subscriptions", { metric_id, follower })).toBe("409910");
    const metric = await pulse.read(pulseSchemas.metric, "GET", `/metrics/${metric_id}`);
    expect(metric.metric.is_followed).toBe(true);
    const elif = await sandbox.explorer();
    const moved = await pulse.read(one, "PATCH", path, { follower: { user_id: elif.user.id } });
    expect(moved.subscription.follower).toEqual({ user_id: elif.user.id });
    expect((await pulse.call("DELETE", path)).status).toBe(204);
    expect(await pulse.code("GET", path)).toBe("404959");
  });

  test("of a user are also those of their groups, and everyone is counted once", async () => {
    const metric_id = await unfollowed();
    const groups = (await pageOf(await ana.onSite("/groups?pageSize=1000"), "groups", "group")).items;
    const everyone = groups.find(({ name }) => name === "All Users")?.id;
    const users = (await pageOf(await ana.onSite("/users?pageSize=1"), "users", "user")).pagination?.totalAvailable;
    const followers = [{ user_id: ana.user.id }, { group_id: everyone }];
    const made = await pulse.read(several, "POST", "/subscriptions:batchCreate", { metric_id, followers });
    expect(made.subscriptions).toHaveLength(2);
    const own = await pulse.read(several, "GET", `/subscriptions?user_id=${ana.user.id}&page_size=1000`);
    const ids = made.subscriptions.map(({ id }) => id);
    expect(own.subscriptions.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    const counts = await pulse.read(
      countsSchema,
      "GET",
      `/subscriptions:batchGetMetricFollowerCounts?metric_ids=${metric_id}`,
    );
    expect(counts.follower_counts).toEqual([{ metric_id, follower_count: Number(users) }]);
    const batch = await pulse.read(several, "POST", "/subscriptions:batchGet", {
      subscription_ids: [...ids, "nothing"],
    });
    expect(batch.subscriptions).toEqual(made.subscriptions);
    expect(await pulse.read(several, "GET", `/subscriptions:batchGet?subscription_ids=${ids.join()}`)).toEqual(batch);
  });

  test("end with the group, and with the user, that followed", async () => {
    const metric_id = await unfollowed();
    const headers = { "content-type": "application/json" };
    const post = (path: string, body: object) =>
      ana.onSite(path, { method: "POST", body: JSON.stringify(body), headers });
    const group = await objectOf(await post("/groups", { group: { name: "Followers" } }), "group");
    const user = await objectOf(await post("/users", { user: { name: "f@acme.example", siteRole: "Viewer" } }), "user");
    const followers = [{ user_id: user.id }, { group_id: group.id }];
    await pulse.read(several, "POST", "/subscriptions:batchCreate", { metric_id, followers });
    expect((await ana.onSite(`/groups/${group.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await followersOf(metric_id)).map(({ follower }) => follower)).toEqual([{ user_id: user.id }]);
    expect((await ana.onSite(`/users/${user.id}`, { method: "DELETE" })).status).toBe(204);
    expect(await followersOf(metric_id)).toEqual([]);
  });

  test("are made all or none", async () => {
    const metric_id = await unfollowed();
    const followers = [{ user_id: ana.user.id }, { user_id: "nobody" }];
    expect(await pulse.code("POST", "/subscriptions:batchCreate", { metric_id, followers })).toBe("404959");
    expect(await followersOf(metric_id)).toEqual([]);
  });

  test("are for oneself, and for others only by administrators", async () => {
    const viewer = await sandbox.viewer();
    const asViewer = pulseOf(sandbox, viewer);
    const visible = await asViewer.read(pulseSchemas.definitions, "GET", "/definitions?view=DEFINITION_VIEW_DEFAULT");
    const metric_id = visible.definitions[0]?.metrics[0]?.id;
    expect(metric_id).toBeDefined();
    const other = { metric_id, follower: { user_id: ana.user.id } };
    expect(await asViewer.code("POST", "/subscriptions", other)).toBe("403900");
    const known = await asViewer.read(several, "GET", `/subscriptions?metric_id=${metric_id}`);
    expect(
      known.subscriptions.every(({ follower }) => "group_id" in follower || follower.user_id === viewer.user.id),
    ).toBe(true);
  });

  test.each([
    ["404901", { metric_id: "nothing", follower: { user_id: "x" } }],
    ["400000", { metric_id: "metric", follower: {} }],
    ["400000", { metric_id: "metric", follower: { user_id: "x", group_id: "x" } }],
    ["404959", { metric_id: "metric", follower: { group_id: "x" } }],
  ])("are refused with %s", async (code, body) => {
    const metric_id = body.metric_id === "metric" ? metrics[0] : body.metric_id;
    expect(await pulse.code("POST", "/subscriptions", { ...body, metric_id })).toBe(code);
  });
});
