import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { layOut } from "../src/files/stored-zip.ts";
import { errorOf, openTestSandbox, type SignedIn, type TestSandbox } from "../src/testing/client.ts";
import { publishBody, publishFile, twb, workbookOf } from "../src/testing/publishing.ts";

/** What is made to take long, or to break what reads it. Answers that never come end these tests by their time limit. */
let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const json = { "content-type": "application/json" };

function jwtOf(header: object): string {
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString("base64url");
  return `${part(header)}.${part({ iss: "x" })}.AA`;
}

describe("what is made to break a reader", () => {
  test("a JWT's header of other types is no header", async () => {
    for (const header of [{ alg: 5, kid: "x" }, { alg: ["HS256"], kid: "x" }, { alg: {} }, { alg: "HS256", kid: [] }]) {
      expect(await errorOf(await sandbox.signIn({ jwt: jwtOf(header) }))).toMatchObject({ code: "401001" });
    }
  });

  test("a payload to publish may nest as deeply as it likes", async () => {
    const deep = `{"workbook":{"name":"Deep","project":${"[".repeat(400_000)}${"]".repeat(400_000)}}}`;
    const answer = await session.onSite("/workbooks", publishBody(deep, undefined, "application/json"));
    expect((await errorOf(answer)).code).toBe("400000");
  });

  test("a filter of blanks, brackets, commas or colons is refused", async () => {
    for (const filter of [`${"+".repeat(12_000)}x`, `name:in:${"[".repeat(12_000)}`, ":".repeat(12_000)]) {
      expect((await errorOf(await session.onSite(`/users?filter=${filter}`))).code).toBe("400065");
    }
    const search = await sandbox.call(`/api/-/search?filter=${",x[".repeat(4_000)}`, {
      headers: { "x-tableau-auth": session.token },
    });
    expect(search.status).toBe(400);
  });

  test("shelves of brackets that never close name no fields", async () => {
    const brackets = "[".repeat(90_000);
    const long = "[".repeat(1_000_000);
    const document = twb("Sheet")
      .replace("<rows/>", `<rows>${brackets}</rows>`)
      .replace("<view/>", `<view/><panes><pane><encodings><color column='${long}'/></encodings></pane></panes>`);
    const answer = await publishFile(session, "Brackets", { filename: "b.twb", content: document });
    expect((await workbookOf(answer)).views.map(({ name }) => name)).toEqual(["Sheet", "Board"]);
  });

  test("a package whose files lie over each other is downloaded whole, where it could not be cut", async () => {
    const document = Buffer.from(twb("Sheet"));
    const pack = overlapping(document, 400);
    const published = await publishFile(session, "Overlapping", { filename: "o.twbx", content: pack });
    const { id } = await workbookOf(published);
    const answer = await session.onSite(`/workbooks/${id}/content?includeExtract=False`);
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(pack)).toBe(true);
  });

  test("XML of many connections that do not end is looked through once", async () => {
    const base64xml = Buffer.from("<connection ".repeat(200_000)).toString("base64");
    const body = JSON.stringify({ databaseAnchor: { connectionParams: { base64xml } } });
    const answer = await session.onSite("/databaseAndTables/lookup", { method: "POST", body, headers: json });
    expect((await errorOf(answer)).code).toBe("404032");
  });
});

/** A package in which many entries are the same megabytes: together they are more than a zip file can say. */
function overlapping(document: Buffer, copies: number): Buffer {
  const extract = Buffer.alloc(12_000_000, 1);
  const first = { name: "Book.twb", size: document.length, packedSize: document.length, crc: 0, method: 0 };
  const files = [first, { name: "a.hyper", size: extract.length, packedSize: extract.length, crc: 0, method: 0 }];
  const { headers } = layOut(files);
  const start = Buffer.concat([headers[0] ?? Buffer.alloc(0), document, headers[1] ?? Buffer.alloc(0), extract]);
  const place = (headers[0]?.length ?? 0) + document.length;
  const entry = (name: string, size: number, at: number): Buffer => {
    const written = Buffer.alloc(46 + Buffer.byteLength(name));
    written.write("PK\u0001\u0002", "latin1");
    written.writeUInt16LE(20, 4);
    written.writeUInt16LE(20, 6);
    written.writeUInt32LE(size, 20);
    written.writeUInt32LE(size, 24);
    written.writeUInt16LE(Buffer.byteLength(name), 28);
    written.writeUInt32LE(at, 42);
    written.write(name, 46);
    return written;
  };
  const others = Array.from({ length: copies }, (_, index) => entry(`Data/${index}.dat`, extract.length, place));
  const directory = [entry("Book.twb", document.length, 0), entry("a.hyper", extract.length, place), ...others];
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(start.length, 16);
  return Buffer.concat([start, listed, end]);
}
