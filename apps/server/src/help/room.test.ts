import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { json } from "../testing/fake-tableau.ts";
import { waitFor } from "../testing/wait-for.ts";
import { type HelpedEasel, startHelpedEasel } from "./calls.fixture.ts";

let helped: HelpedEasel;
beforeAll(async () => {
  helped = await startHelpedEasel();
});
afterAll(() => helped.close());

const ALL = { "easel-paginate": "all" };

const numberOf = ({ url }: IncomingMessage) =>
  Number(new URL(url ?? "", "http://tableau").searchParams.get("pageNumber") ?? "1");

/** "Come again" is only said of what was not done. */
async function changesNothingWithoutRoom(): Promise<void> {
  const before = helped.fake.received.length;
  for (const headers of [{ "easel-wait": "job" }, { "easel-normalize": "1" }]) {
    const refused = await helped.call("fake", "/workbooks/w1/refresh", { method: "POST", json: {}, headers });
    expect(await refused.json()).toMatchObject({ code: "help_busy" });
  }
  expect(helped.fake.received).toHaveLength(before);
}

describe("a caller who reads slowly", () => {
  let asked = 0;
  beforeEach(() => {
    asked = 0;
    const filler = "x".repeat(2000);
    helped.fake.answer((request, response) => {
      asked = Math.max(asked, numberOf(request));
      const user = Array.from({ length: 1000 }, (_, at) => ({ id: `${numberOf(request)}-${at}`, filler }));
      const pagination = { pageNumber: String(numberOf(request)), pageSize: "1000", totalAvailable: "500000" };
      json(response, 200, { pagination, users: { user } });
    });
  });

  test("holds the next page back, and ends it all by going away", async () => {
    const response = await helped.open("fake", "/users", ALL);
    await once(response, "readable");
    // What sockets hold between here and there is some megabytes; then nothing more is asked for.
    let before = -1;
    await waitFor(async () => {
      const isStill = before === asked;
      before = asked;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return isStill && asked === before;
    });
    expect(asked).toBeLessThan(20);
    const held = asked;
    for (let read = 0; read < 30_000_000; ) {
      const chunk: Buffer | null = response.read();
      if (chunk === null) await once(response, "readable");
      else read += chunk.length;
    }
    await waitFor(() => asked > held);
    response.destroy();
    await waitFor(async () => (await helped.lastCall())?.status === 499);
    const last = asked;
    expect(last).toBeLessThan(60);
    expect((await helped.call("fake", "/users?pageSize=1")).status).toBe(200);
    expect(asked).toBe(last);
  });

  test("takes no more room than there is, and gives it back", async () => {
    helped.fake.answer((_request, response) => {
      // Four of them take 64 MB but for some kilobytes, as they are counted.
      const user = Array.from({ length: 1000 }, (_, at) => ({ id: String(at), filler: "x".repeat(16_510) }));
      json(response, 200, { users: { user } });
    });
    const holders = await Promise.all(Array.from({ length: 4 }, () => helped.open("fake", "/users", ALL)));
    expect(holders.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    const refused = await helped.call("fake", "/users", { headers: ALL });
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await refused.json()).toMatchObject({ code: "help_busy" });
    expect((await helped.call("ana", "/users?pageSize=1")).status).toBe(200);
    await changesNothingWithoutRoom();
    for (const holder of holders) holder.destroy();
    await waitFor(async () => {
      const response = await helped.call("fake", "/users", { headers: ALL });
      await response.body?.cancel();
      return response.status === 200;
    });
  });
});
