import { TextDecoder } from "node:util";

/**
 * XML as a stream of events, for files too large to hold as a tree. It reads what Tableau's files are made of; a
 * document type, and with it every entity of the file's own, is a fault.
 */
export type XmlEvents = {
  open: (name: string, attributes: ReadonlyMap<string, string>) => void;
  /** Text as it comes: one run of text may come in several pieces. */
  text: (piece: string) => void;
  close: (name: string) => void;
};

/** Of one tag, comment or the like, in characters. Longer ones (pictures are text in these files) are no tag. */
const longestToken = 4 * 1024 * 1024;
const deepest = 200;

/** Reads a document to its end, and returns what is wrong with it, if anything. */
export async function readXml(bytes: AsyncIterable<Buffer>, events: XmlEvents): Promise<string | undefined> {
  const reader = openXmlReader(events);
  let decoder: TextDecoder | undefined;
  for await (const chunk of bytes) {
    decoder ??= decoderFor(chunk);
    const fault = reader.read(decoder.decode(chunk, { stream: true }));
    if (fault !== undefined) return fault;
  }
  return reader.read(decoder?.decode() ?? "") ?? reader.end();
}

/** UTF-8, unless the first bytes say otherwise. The decoder drops that mark. */
function decoderFor(chunk: Buffer): TextDecoder {
  return new TextDecoder(chunk[0] === 0xff && chunk[1] === 0xfe ? "utf-16le" : "utf-8");
}

export function openXmlReader(events: XmlEvents) {
  const open: string[] = [];
  let held = "";
  let hasRoot = false;

  /** Takes the token at the start of `held`; undefined when it is not there as a whole. */
  function takeToken(): { fault?: string } | undefined {
    if (!held.startsWith("<")) return takeText();
    if (held.startsWith("<!--")) return takeUntil("-->", 4);
    if (held.startsWith("<![CDATA[")) return takeUntil("]]>", 9, (content) => events.text(content));
    if (held.startsWith("<?")) return takeUntil("?>", 2);
    // What may still become one of these.
    if (["<!--", "<![CDATA[", "<!"].some((start) => start.startsWith(held))) return undefined;
    if (held.startsWith("<!")) return { fault: "a document type or another declaration is not allowed" };
    const end = endOfTag(held);
    if (end === undefined) return undefined;
    const tag = held.slice(1, end);
    held = held.slice(end + 1);
    return tag.startsWith("/") ? close(tag.slice(1).trim()) : openTag(tag);
  }

  function takeText(): { fault?: string } | undefined {
    const end = held.indexOf("<");
    // A reference must not be cut in two.
    const cut = end === -1 ? held.slice(-12).lastIndexOf("&") : -1;
    const length = end === -1 ? (cut === -1 ? held.length : held.length - Math.min(12, held.length) + cut) : end;
    const piece = held.slice(0, length);
    if (open.length === 0 && piece.trim() !== "") return { fault: "there is text outside of the root element" };
    held = held.slice(length);
    if (open.length > 0 && piece !== "") events.text(decodeReferences(piece));
    return end === -1 ? undefined : {};
  }

  function takeUntil(end: string, from: number, take?: (content: string) => void): { fault?: string } | undefined {
    const at = held.indexOf(end, from);
    if (at === -1) return undefined;
    take?.(held.slice(from, at));
    held = held.slice(at + end.length);
    return {};
  }

  function openTag(tag: string): { fault?: string } {
    const isEmpty = tag.endsWith("/");
    const [, name, rest = ""] = /^([^\s/>]+)(.*)$/s.exec(isEmpty ? tag.slice(0, -1) : tag) ?? [];
    const attributes = name === undefined ? undefined : readAttributes(rest);
    if (name === undefined || attributes === undefined) return { fault: `'<${tag.slice(0, 80)}>' is not a tag` };
    if (open.length === 0 && hasRoot) return { fault: "there is more than one root element" };
    if (open.length >= deepest) return { fault: "the elements are nested too deeply" };
    hasRoot = true;
    events.open(name, attributes);
    if (isEmpty) events.close(name);
    else open.push(name);
    return {};
  }

  function close(name: string): { fault?: string } {
    const opened = open.pop();
    if (opened !== name) return { fault: `'</${name.slice(0, 80)}>' closes '${opened ?? "nothing"}'` };
    events.close(name);
    return {};
  }

  return {
    read(piece: string): string | undefined {
      held += piece;
      for (;;) {
        if (held === "") return undefined;
        const taken = takeToken();
        if (taken?.fault !== undefined) return taken.fault;
        if (taken === undefined) return held.length > longestToken ? "a tag is too long" : undefined;
      }
    },

    end(): string | undefined {
      if (held.startsWith("<") || open.length > 0) return "the file ends before its root element is closed";
      if (held.trim() !== "" || !hasRoot) return "there is no root element";
      return undefined;
    },
  };
}

/** Where a tag ends: at the first `>` that is not within a quoted value. */
function endOfTag(written: string): number | undefined {
  let quote = "";
  for (let at = 1; at < written.length; at++) {
    const character = written.charAt(at);
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === ">") return at;
  }
  return undefined;
}

function readAttributes(written: string): Map<string, string> | undefined {
  const attributes = new Map<string, string>();
  const pattern = /\s+([^\s=/>"'<]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
  let at = 0;
  for (;;) {
    pattern.lastIndex = at;
    const match = pattern.exec(written);
    if (match === null) break;
    const [, name = "", double, single = ""] = match;
    if (attributes.has(name)) return undefined;
    attributes.set(name, decodeReferences(double ?? single));
    at = pattern.lastIndex;
  }
  return written.slice(at).trim() === "" ? attributes : undefined;
}

const named: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["apos", "'"],
  ["gt", ">"],
  ["lt", "<"],
  ["quot", '"'],
]);

/** Replaces the five named references and the numeric ones; what is no reference stays as it is. */
function decodeReferences(written: string): string {
  if (!written.includes("&")) return written;
  return written.replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,4});/gi, (whole, reference: string) => {
    if (!reference.startsWith("#")) return named.get(reference) ?? whole;
    const isHex = reference.startsWith("#x") || reference.startsWith("#X");
    const code = Number.parseInt(reference.slice(isHex ? 2 : 1), isHex ? 16 : 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
