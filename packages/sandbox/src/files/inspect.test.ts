import { deflateRawSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { twb } from "../testing/publishing.ts";
import { inspectSource, inspectWorkbook } from "./inspect.ts";
import { openFileStore, type StoredFile } from "./store.ts";
import { layOut, zipOf } from "./stored-zip.ts";

const files = openFileStore(undefined);
afterAll(() => files.close());

async function kept(content: string | Buffer): Promise<StoredFile> {
  const file = await files.put(
    (async function* () {
      yield Buffer.from(content);
    })(),
  );
  if (file === "too large") throw new Error("The file did not fit.");
  return file;
}

const workbook = async (content: string | Buffer, type: string) => inspectWorkbook(files, await kept(content), type);
const packed = (name: string, content: string) => zipOf([{ name, content: Buffer.from(content) }]);

/** A zip whose one file is deflated, and which says what it likes of its size. */
function deflated(name: string, content: Buffer, size = content.length): Buffer {
  const bytes = deflateRawSync(content);
  const { headers, end } = layOut([{ name, size, packedSize: bytes.length, crc: 0, method: 8 }]);
  return Buffer.concat([...headers, bytes, end]);
}

describe("what is in a published file", () => {
  test("a package's document is read, stored or deflated, the least nested one", async () => {
    const document = twb("Sheet");
    for (const content of [packed("a.twb", document), deflated("a.TWB", Buffer.from(document))]) {
      expect(await workbook(content, "twbx")).toMatchObject({
        kind: "workbook",
        contents: { sheets: [{ name: "Sheet" }, {}] },
      });
    }
    const nested = zipOf([
      { name: "other/b.twb", content: Buffer.from(twb("Other")) },
      { name: "a.twb", content: Buffer.from(document) },
    ]);
    expect(await workbook(nested, "twbx")).toMatchObject({ contents: { sheets: [{ name: "Sheet" }, {}] } });
  });

  test("a .twb in UTF-16 or with a byte order mark is read", async () => {
    expect(await workbook(Buffer.from(`\ufeff${twb("Ünï")}`), "twb")).toMatchObject({ kind: "workbook" });
    const wide = Buffer.from(`\ufeff${twb("Ünï")}`, "utf16le");
    expect(await workbook(wide, "twb")).toMatchObject({ contents: { sheets: [{ name: "Ünï" }, {}] } });
  });

  test.each([
    [
      "a document that says it is huge",
      () => deflated("a.twb", Buffer.from(twb("A")), 100 * 1024 * 1024),
      "larger than",
    ],
    [
      "a document that is more than it says",
      () => deflated("a.twb", Buffer.alloc(50 * 1024 * 1024, "<"), 1_000),
      "can't be read",
    ],
    ["a package without a document", () => packed("a.txt", "x"), "no .twb"],
    ["a package that leaves its directory", () => packed("../a.twb", twb("A")), "can't be read"],
    ["an empty package", () => zipOf([]), "no .twb"],
    ["a workbook without sheets", () => packed("a.twb", "<workbook/>"), "no sheets"],
    [
      "a directory that is not there",
      () => Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(500)]),
      "can't be read",
    ],
  ])("%s is a fault", async (_what, content, fault) => {
    const inspected = await workbook(content(), "twbx");
    expect(inspected).toMatchObject({ kind: "fault", fault: expect.stringContaining(fault) });
  });

  test("a .tds tells its fields and connections, and whether there is an extract", async () => {
    const tds = `<datasource formatted-name='x'>
      <connection class='federated'><named-connections><named-connection name='c'>
        <connection class='snowflake' server='s' dbname='d' username='u'/></named-connection></named-connections>
        <metadata-records><metadata-record class='column'><local-name>[Amount]</local-name><local-type>real</local-type></metadata-record>
        <metadata-record class='column'><local-name>[When]</local-name><local-type>date</local-type></metadata-record></metadata-records>
      </connection>
      <column caption='Order date' datatype='date' name='[When]' role='dimension'/>
      <column caption='Double' datatype='real' hidden='true' name='[Calculation_1]' role='measure'><calculation class='tableau' formula='[Amount] * 2'/></column>
      <column datatype='integer' name='[__tableau_internal_object_id__].[x]' role='measure'/>
      <extract enabled='true'><connection class='hyper' dbname='x.hyper'/></extract></datasource>`;
    const inspected = await inspectSource(files, await kept(tds), "tds");
    expect(inspected).toMatchObject({
      fileType: "tds",
      description: {
        name: "x",
        hasExtract: true,
        connections: [{ type: "snowflake", serverAddress: "s", databaseName: "d", userName: "u" }],
        fields: [
          { name: "Amount", dataType: "real", role: "measure", isHidden: false },
          { name: "Order date", dataType: "date", role: "dimension" },
          { name: "Double", formula: "[Amount] * 2", isHidden: true },
        ],
      },
    });
  });

  test("files of data alone are known by their first bytes, and not read", async () => {
    for (const [type, start] of [
      ["hyper", Buffer.from("HyPer\b\u0000\u0000")],
      ["parquet", Buffer.from("PAR1")],
      ["tde", Buffer.from([0x20, 0x02, 0x01, 0x62])],
    ] as const) {
      const file = await kept(Buffer.concat([start, Buffer.alloc(100)]));
      expect(await inspectSource(files, file, type)).toEqual({
        kind: "source",
        description: undefined,
        fileType: type,
      });
    }
  });
});
