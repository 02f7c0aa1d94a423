import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { openTestSandbox, type SignedIn, type TestSandbox } from "../testing/client.ts";
import { type PulseClient, pulseOf } from "../testing/pulse.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let elif: SignedIn;
let pulse: PulseClient;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
  elif = await sandbox.explorer();
  pulse = pulseOf(sandbox, ana);
});
afterAll(() => sandbox.close());

const path = "/user/preferences";
const preferences = z.object({
  cadence: z.string(),
  channel_preferences: z.array(z.object({ channel: z.string(), status: z.string(), availability: z.string() })),
  metric_grouping_preferences: z.object({ group_by: z.string(), sort_order: z.string() }),
});

describe("a user's preferences", () => {
  test("are changed part by part, and stay", async () => {
    const before = await pulse.read(preferences, "GET", path);
    const changed = await pulse.read(preferences, "PATCH", path, {
      cadence: "CADENCE_MONTHLY",
      channel_preferences_request: [{ channel: "DELIVERY_CHANNEL_SLACK", status: "CHANNEL_STATUS_ENABLED" }],
    });
    expect(changed.cadence).toBe("CADENCE_MONTHLY");
    expect(changed.metric_grouping_preferences).toEqual(before.metric_grouping_preferences);
    const statuses = changed.channel_preferences.map(({ channel, status }) => [channel, status]);
    expect(statuses).toContainEqual(["DELIVERY_CHANNEL_SLACK", "CHANNEL_STATUS_ENABLED"]);
    expect(statuses).toHaveLength(before.channel_preferences.length);
    const grouping = { group_by: "GROUP_BY_TIME_RANGE", sort_order: "SORT_ORDER_DESCENDING" };
    await pulse.read(preferences, "PATCH", path, { metric_grouping_preferences: grouping });
    const after = await pulse.read(preferences, "GET", path);
    expect(after).toEqual({ ...changed, metric_grouping_preferences: grouping });
  });

  test("are another's for administrators alone", async () => {
    const cadence = "CADENCE_DAILY";
    await pulse.read(preferences, "PATCH", path, { cadence, user_id: elif.user.id });
    expect((await pulseOf(sandbox, elif).read(preferences, "GET", path)).cadence).toBe(cadence);
    expect(await pulseOf(sandbox, elif).code("PATCH", path, { cadence, user_id: ana.user.id })).toBe("403900");
    expect(await pulse.code("PATCH", path, { cadence, user_id: "nobody" })).toBe("404959");
  });

  test("that there are not change nothing", async () => {
    const before = await pulse.read(preferences, "GET", path);
    for (const wrong of [
      { cadence: "HOURLY" },
      { channel_preferences_request: [{ channel: "PIGEON", status: "CHANNEL_STATUS_ENABLED" }] },
      { cadence: "CADENCE_DAILY", metric_grouping_preferences: { group_by: "COLOUR" } },
      [],
      "{",
    ]) {
      expect(await pulse.code("PATCH", path, wrong)).toBe("400000");
    }
    expect(await pulse.read(preferences, "GET", path)).toEqual(before);
  });
});
