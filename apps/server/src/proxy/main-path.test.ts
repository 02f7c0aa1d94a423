import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";

let easel: TestEasel;
beforeAll(async () => {
  easel = await startTestEasel();
});
afterAll(() => easel.close());

test("a connected user lists Tableau's projects as wrapped JSON", async () => {
  const { project } = easel;
  await project.connect("ana");
  const response = await project.call("ana", "/sdk/proxy/tableau/projects?pageSize=1");
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ output: { projects: { project: [{ name: "Default" }] } } });
});
