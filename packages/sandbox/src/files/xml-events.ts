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
/** `&#x10FFFF;` and what is shorter. */
const longestReference = 12;

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

type Reading = {
  events: XmlEvents;
  /** The elements that are open, the outermost first. */
  open: string[];
  /** What has come and is not yet a whole token. */
  held: string;
  hasRoot: boolean;
};

/** Whether a token was taken, or what is wrong with it. Undefined when it is not there as a whole. */
type Taken = { fault?: string } | undefined;

function openXmlReader(events: XmlEvents) {
  const reading: Reading = { events, open: [], held: "", hasRoot: false };
  return {
    read(piece: string): string | undefined {
      reading.held += piece;
      while (reading.held !== "") {
        const taken = takeToken(reading);
        if (taken?.fault !== undefined) return taken.fault;
        if (taken === undefined) return reading.held.length > longestToken ? "a tag is too long" : undefined;
      }
      return undefined;
    },

    end(): string | undefined {
      const { held, open, hasRoot } = reading;
      if (held.startsWith("<") || open.length > 0) return "the file ends before its root element is closed";
      return held.trim() !== "" || !hasRoot ? "there is no root element" : undefined;
    },
  };
}

/** Takes the token that `held` begins with. */
function takeToken(reading: Reading): Taken {
  const { held, events } = reading;
  if (!held.startsWith("<")) return takeText(reading);
  if (held.startsWith("<!--")) return takeUntil(reading, "-->", 4);
  if (held.startsWith("<![CDATA[")) return takeUntil(reading, "]]>", 9, (content) => events.text(content));
  if (held.startsWith("<?")) return takeUntil(reading, "?>", 2);
  // What may still become one of these.
  if (["<!--", "<![CDATA[", "<!"].some((start) => start.startsWith(held))) return undefined;
  if (held.startsWith("<!")) return { fault: "a document type or another declaration is not allowed" };
  const end = endOfTag(held);
  if (end === undefined) return undefined;
  const tag = held.slice(1, end);
  reading.held = held.slice(end + 1);
  return tag.startsWith("/") ? closeTag(reading, tag.slice(1).trim()) : openTag(reading, tag);
}

function takeText(reading: Reading): Taken {
  const { held, open, events } = reading;
  const end = held.indexOf("<");
  const piece = held.slice(0, end === -1 ? endOfText(held) : end);
  if (open.length === 0 && piece.trim() !== "") return { fault: "there is text outside of the root element" };
  reading.held = held.slice(piece.length);
  if (open.length > 0 && piece !== "") events.text(decodeReferences(piece));
  return end === -1 ? undefined : {};
}

/** How much of a text that goes on can be told: a reference at its end must not be cut in two. */
function endOfText(held: string): number {
  const last = held.lastIndexOf("&");
  return last >= held.length - longestReference && last !== -1 ? last : held.length;
}

function takeUntil(reading: Reading, end: string, from: number, take?: (content: string) => void): Taken {
  const at = reading.held.indexOf(end, from);
  if (at === -1) return undefined;
  take?.(reading.held.slice(from, at));
  reading.held = reading.held.slice(at + end.length);
  return {};
}

function openTag(reading: Reading, tag: string): Taken {
  const isEmpty = tag.endsWith("/");
  const [, name, rest = ""] = /^([^\s/>]+)(.*)$/s.exec(isEmpty ? tag.slice(0, -1) : tag) ?? [];
  const attributes = name === undefined ? undefined : readAttributes(rest);
  if (name === undefined || attributes === undefined) return { fault: `'<${tag.slice(0, 80)}>' is not a tag` };
  if (reading.open.length === 0 && reading.hasRoot) return { fault: "there is more than one root element" };
  if (reading.open.length >= deepest) return { fault: "the elements are nested too deeply" };
  reading.hasRoot = true;
  reading.events.open(name, attributes);
  if (isEmpty) reading.events.close(name);
  else reading.open.push(name);
  return {};
}

function closeTag({ open, events }: Reading, name: string): Taken {
  const opened = open.pop();
  if (opened !== name) return { fault: `'</${name.slice(0, 80)}>' closes '${opened ?? "nothing"}'` };
  events.close(name);
  return {};
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
