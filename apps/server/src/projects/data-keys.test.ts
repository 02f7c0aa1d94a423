import { expect, test } from "vitest";
import { startTestEasel } from "../testing/test-easel.ts";
import { newKey } from "../vault/keys.ts";

test("after a rotation and a start the old key can go, and what it sealed is still there", async () => {
  const before = await startTestEasel();
  const { project, database, sandbox } = before;
  await project.connect("ana");
  await before.easel.close();

  const rotated = newKey();
  const during = await startTestEasel({
    sandbox,
    database: { url: database.url, keys: `${rotated},${database.keys}` },
  });
  await during.easel.close();

  const after = await startTestEasel({ sandbox, database: { url: database.url, keys: rotated } });
  const token = await project.token("ana");
  // The stored session was sealed with the key that is gone: the secrets sign in again.
  const response = await fetch(`${after.origin}/projects/${project.id}/sdk/proxy/tableau/projects?pageSize=1`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(200);
  await after.easel.close();
  await sandbox.close();
});
