import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFileStore } from "../../files/store.ts";
import { emptySite } from "../../site/site.ts";
import { errorOf, objectOf, openTestSandbox, type SignedIn, type TestSandbox } from "../../testing/client.ts";
import { publishBody } from "../../testing/publishing.ts";
import { openUploads } from "./uploads.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const megabyte = 1024 * 1024;

const begin = async () =>
  String((await objectOf(await session.onSite("/fileUploads", { method: "POST" }), "fileUpload")).uploadSessionId);

const appendTo = (id: string, content: string | Uint8Array, query = "") =>
  session.onSite(`/fileUploads/${id}${query}`, {
    ...publishBody("", { part: "tableau_file", filename: "file", content }),
    method: "PUT",
  });

const publish = (id: string, name: string) =>
  session.onSite(
    `/datasources?datasourceType=hyper&uploadSessionId=${id}`,
    publishBody(`<tsRequest><datasource name="${name}"/></tsRequest>`),
  );

const bytesOf = async (datasource: Record<string, unknown>) =>
  Buffer.from(await (await session.onSite(`/datasources/${datasource.id}/content`)).arrayBuffer());

describe("uploads", () => {
  test("a session's id is full of colons and opens in the path as it is or encoded", async () => {
    const begun = await session.onSite("/fileUploads", { method: "POST" });
    expect(begun.status).toBe(201);
    const { uploadSessionId, fileSize } = await objectOf(begun, "fileUpload");
    expect(uploadSessionId).toMatch(/^\d+:[0-9a-f]+-\d+:\d+$/);
    expect(fileSize).toBe("0");
    for (const id of [String(uploadSessionId), encodeURIComponent(String(uploadSessionId))]) {
      expect((await appendTo(id, "a")).status).toBe(200);
    }
  });

  test("what it has had is counted in megabytes, also of bodies that are not multipart", async () => {
    const id = await begin();
    const raw = async (megabytes: number) => {
      const body = new Uint8Array(megabytes * megabyte);
      return objectOf(await session.onSite(`/fileUploads/${id}`, { method: "PUT", body }), "fileUpload");
    };
    expect(await raw(20)).toEqual({ uploadSessionId: id, fileSize: "20" });
    expect(await objectOf(await appendTo(id, new Uint8Array(5 * megabyte)), "fileUpload")).toMatchObject({
      fileSize: "25",
    });
  });

  test("parts come in order, or in that of their numbers, and are published as one file", async () => {
    const inOrder = await begin();
    for (const part of ["HyPer", "b", "c"]) await appendTo(inOrder, part);
    const published = await publish(inOrder, "In order");
    expect(published.status).toBe(201);
    expect((await bytesOf(await objectOf(published, "datasource"))).toString()).toBe("HyPerbc");

    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), fc.uuid(), async (order, name) => {
        const id = await begin();
        const parts = ["HyPer", "one", "two", "three", "four"];
        await Promise.all(order.map((place) => appendTo(id, parts[place] ?? "", `?sequenceID=${place}`)));
        const datasource = await objectOf(await publish(id, name), "datasource");
        expect((await bytesOf(datasource)).toString()).toBe(parts.join(""));
      }),
      { numRuns: 10 },
    );
  });

  test("a published session is over; one that could not be published can be tried again", async () => {
    const id = await begin();
    await appendTo(id, "no data at all");
    expect(await errorOf(await publish(id, "Twice"))).toMatchObject({ code: "400011" });
    await appendTo(id, "HyPer", "?sequenceID=0");
    expect((await publish(id, "Twice")).status).toBe(201);
    expect(await errorOf(await publish(id, "Twice more"))).toMatchObject({ code: "404015" });
  });

  test("two requests at once can't both publish one upload", async () => {
    const id = await begin();
    for (const part of ["HyPer", "b"]) await appendTo(id, part);
    const answers = await Promise.all([publish(id, "One owner"), publish(id, "Another owner")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 404]);
  });

  test("it needs a session of the site that is not forgotten, by somebody who may publish", async () => {
    expect(await errorOf(await appendTo("1:a-1:0", "x"))).toMatchObject({ code: "404015" });
    const id = await begin();
    sandbox.advance(25 * 60 * 60 * 1000);
    session = await sandbox.administrator();
    expect(await errorOf(await appendTo(id, "x"))).toMatchObject({ code: "404015" });
    const viewer = await sandbox.viewer();
    expect(await errorOf(await viewer.onSite("/fileUploads", { method: "POST" }))).toMatchObject({ code: "403015" });
  });

  test.each([
    ["no file", publishBody("")],
    [
      "a payload that says something",
      publishBody("<tsRequest/>", { part: "tableau_file", filename: "f", content: "x" }),
    ],
    ["a body that is cut off", { ...publishBody(""), body: Buffer.from("--test-boundary-7d0a\r\n\r\nx") }],
  ])("%s is refused and counts nothing", async (_what, request) => {
    const id = await begin();
    const refused = await session.onSite(`/fileUploads/${id}`, { ...request, method: "PUT" });
    expect((await errorOf(refused)).code).toMatch(/^4000(00|19|20)$/);
    expect(await objectOf(await appendTo(id, new Uint8Array(megabyte)), "fileUpload")).toMatchObject({ fileSize: "1" });
  });

  test("a part has at most 64 MB, and the connection goes on", async () => {
    const id = await begin();
    expect(await errorOf(await appendTo(id, new Uint8Array(64 * megabyte + 1)))).toMatchObject({ code: "400016" });
    expect((await appendTo(id, "x")).status).toBe(200);
  });

  test("an upload without a session is refused, and the connection goes on", async () => {
    const path = `/api/3.27/sites/${session.site.id}/fileUploads/1:A-1:0`;
    const refused = await sandbox.call(path, { method: "PUT", body: new Uint8Array(megabyte) });
    expect(refused.status).toBe(401);
    expect((await session.onSite("/projects")).status).toBe(200);
  });
});

test("a part that has come in full after its upload was published, or while it is, is not added", async () => {
  const files = openFileStore(undefined);
  const uploads = openUploads(files, () => 0);
  const put = async () => {
    const file = await files.put(
      (async function* () {
        yield Buffer.from("part");
      })(),
    );
    if (file === "too large") throw new Error("The part did not fit.");
    return file;
  };
  const upload = uploads.begin(emptySite("site", "Site", 0));
  expect(await uploads.append(upload, await put(), undefined)).toBe("added");
  upload.isTaken = true;
  expect(await uploads.append(upload, await put(), undefined)).toBe("gone");
  upload.isTaken = false;
  uploads.release(upload);
  expect(await uploads.append(upload, await put(), undefined)).toBe("gone");
  expect(upload.blocks.size).toBe(1);
  await files.close();
});
