import { afterAll, beforeAll, expect, test } from "vitest";
import { sandboxControl } from "../testing/sandbox-control.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { openClient, type TestClient } from "./clients.fixture.ts";

let easel: TestEasel;
let client: TestClient;
beforeAll(async () => {
  easel = await startTestEasel();
  client = await openClient(easel, easel.project);
});
afterAll(() => easel.close());

const signOut = (token: string): Promise<Response> =>
  fetch(`${client.prefix}/api/3.27/auth/signout`, { method: "POST", headers: { "x-tableau-auth": token } });

test("a personal access token has one session at Tableau, and any number of clients here: none ends another's", async () => {
  const control = sandboxControl(easel.sandbox);
  const before = await control.signIns();
  const job = async (): Promise<number[]> => {
    const statuses: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const { token } = await client.signIn();
      for (let call = 0; call < 4; call += 1) {
        const response = await client.list(token, call % 2 === 0 ? client.prefix : easel.origin);
        await response.arrayBuffer();
        statuses.push(response.status);
      }
      statuses.push((await signOut(token)).status);
    }
    return statuses;
  };
  const product = async (): Promise<number[]> => {
    const statuses: number[] = [];
    for (let call = 0; call < 50; call += 1) {
      const response = await easel.project.call("ana", "/sdk/proxy/tableau/projects?pageSize=1");
      await response.arrayBuffer();
      statuses.push(response.status);
    }
    return statuses;
  };
  const statuses = (await Promise.all([...Array.from({ length: 8 }, job), product()])).flat();
  expect(new Set(statuses)).toEqual(new Set([200, 204]));
  expect(await control.signIns()).toBe(before);
});

test("a session that ends at Tableau in the middle is no client's concern", async () => {
  const control = sandboxControl(easel.sandbox);
  const [one, two] = await Promise.all([client.signIn(), client.signIn()]);
  const before = await control.signIns();
  await control.order({ killSessions: true });
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => client.list(index % 2 === 0 ? one.token : two.token)),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(await control.signIns()).toBe(before + 1);
});
