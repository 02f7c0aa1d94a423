import fc from "fast-check";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { readXml } from "./xml-events.ts";

type Node = { name: string; attributes: Record<string, string>; text: string; children: Node[] };

async function treeOf(bytes: Buffer, cut = 7): Promise<Node | string> {
  const root: Node = { name: "", attributes: {}, text: "", children: [] };
  const path = [root];
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += cut) yield bytes.subarray(at, at + cut);
  }
  const fault = await readXml(pieces(), {
    open(name, attributes) {
      const node: Node = { name, attributes: Object.fromEntries(attributes), text: "", children: [] };
      path.at(-1)?.children.push(node);
      path.push(node);
    },
    text(piece) {
      const node = path.at(-1);
      if (node !== undefined) node.text += piece;
    },
    close() {
      path.pop();
    },
  });
  return fault ?? root.children[0] ?? "no root";
}

const read = (written: string) => treeOf(Buffer.from(written));

describe("XML as events", () => {
  test("elements, attributes in either quotes, references, text, CDATA and comments", async () => {
    const written =
      "\ufeff<?xml version='1.0'?>\n<!-- a > b --><a b='x &gt; \"y\"' c=\"&#233;&#x1F600;\" ><d/>1 &lt; 2" +
      "<![CDATA[<e>&amp;]]><f  g = 'h>' ></f></a>\n<!-- end -->";
    expect(await read(written)).toEqual({
      name: "a",
      attributes: { b: 'x > "y"', c: "é😀" },
      text: "1 < 2<e>&amp;",
      children: [
        { name: "d", attributes: {}, text: "", children: [] },
        { name: "f", attributes: { g: "h>" }, text: "", children: [] },
      ],
    });
  });

  test("UTF-16 when the first bytes say so", async () => {
    expect(await treeOf(Buffer.from("\ufeff<a>ü</a>", "utf16le"))).toMatchObject({ name: "a", text: "ü" });
  });

  test.each([
    ["nothing", "", "no root"],
    ["text alone", "hello", "outside of the root"],
    ["two roots", "<a/><b/>", "more than one root"],
    ["an element left open", "<a><b></b>", "ends before"],
    ["a tag cut off", "<a", "ends before"],
    ["the wrong end", "<a></b>", "closes 'a'"],
    ["an end too many", "<a></a></a>", "closes 'nothing'"],
    ["an attribute twice", "<a b='1' b='2'/>", "not a tag"],
    ["an attribute without quotes", "<a b=1/>", "not a tag"],
    ["entities", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "document type"],
    ["deep nesting", "<a>".repeat(1_000), "nested too deeply"],
    ["a tag without end", `<a b='${"x".repeat(5_000_000)}`, "too long"],
  ])("%s is a fault", async (_what, written, fault) => {
    expect(await treeOf(Buffer.from(written), 100_000)).toContain(fault);
  });

  test("it reads what another parser reads, however the bytes are cut", async () => {
    const name = fc.constantFrom("a", "b-c", "d.e", "user:f");
    const value = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll(/[^\P{C}]/gu, "").trim());
    const leaf = { name, attributes: fc.dictionary(name, value), text: value };
    const { node } = fc.letrec<{ node: Node }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.record({ ...leaf, children: fc.constant<Node[]>([]) }),
        fc.record({ ...leaf, children: fc.array(tie("node"), { maxLength: 3 }) }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(node, fc.integer({ min: 1, max: 50 }), async (tree, cut) => {
        const written = write(tree);
        expect(await treeOf(Buffer.from(written), cut)).toEqual(tree);
        expect(Object.keys(new XMLParser().parse(written))).toEqual([tree.name]);
      }),
    );
  });
});

function write({ name, attributes, text, children }: Node): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}='${escapeText(value)}'`);
  return `<${name}${written.join("")}>${escapeText(text)}${children.map(write).join("")}</${name}>`;
}

function escapeText(text: string): string {
  return text.replaceAll(/[&<>'"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
