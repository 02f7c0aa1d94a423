import type { IncomingMessage } from "node:http";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { z } from "zod";
import { easelError } from "../http/errors.ts";

/** What a client sends to sign in, or to change its site; each of them text, "" or absent where there is none. */
export interface SignInRequest {
  readonly name?: string | undefined;
  readonly password?: string | undefined;
  readonly personalAccessTokenName?: string | undefined;
  readonly personalAccessTokenSecret?: string | undefined;
  readonly jwt?: string | undefined;
  readonly isUat?: string | undefined;
  readonly site?: { readonly contentUrl?: string | undefined } | undefined;
  readonly user?: { readonly id?: string | undefined } | undefined;
}

/** A user token is the largest part, and ends at 16 KB. In bytes. */
const LARGEST = 65_536;

/** Reads a sign-in. Throws `client_sign_in_unreadable`. */
export async function readSignIn(request: IncomingMessage): Promise<SignInRequest> {
  return check(z.object({ credentials }), await readContent(request)).credentials;
}

/** Reads which site a client wants to change to; "" is the default site. Throws `client_sign_in_unreadable`. */
export async function readSwitch(request: IncomingMessage): Promise<string> {
  return check(z.object({ site }), await readContent(request)).site.contentUrl ?? "";
}

/** XML has text alone; JSON clients also send booleans, and null for what they leave out (tableau-api-lib does). */
const attribute = z
  .union([z.string(), z.number(), z.boolean()])
  .transform(String)
  .nullish()
  .transform((value) => value ?? undefined);

/** An element without attributes or children is read as its text, which is blank. */
function element<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((value) => (typeof value === "string" && value.trim() === "" ? {} : value), z.object(shape));
}

const site = element({ contentUrl: attribute });
const credentials = element({
  name: attribute,
  password: attribute,
  personalAccessTokenName: attribute,
  personalAccessTokenSecret: attribute,
  jwt: attribute,
  isUat: attribute,
  site: site.nullish().transform((value) => value ?? undefined),
  user: element({ id: attribute })
    .nullish()
    .transform((value) => value ?? undefined),
});

function check<Schema extends z.ZodType>(schema: Schema, content: unknown): z.output<Schema> {
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  // Where, and never what: it holds secrets.
  throw unreadable(`it has no ${result.error.issues[0]?.path.join(".") || "content"} that makes sense.`);
}

function unreadable(detail: string) {
  return easelError("client_sign_in_unreadable", { detail });
}

/** The content of a `tsRequest`. Public clients send XML without a type, as `text/xml`, and as a form's: the body tells. */
async function readContent(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  // To its end, so that a client that sends first hears the refusal; what goes on beyond all measure is not waited for.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > LARGEST * 16) throw easelError("request_too_large", { limit: "64 KB" });
    if (size <= LARGEST) chunks.push(chunk);
  }
  if (size > LARGEST) throw easelError("request_too_large", { limit: "64 KB" });
  const text = Buffer.concat(chunks)
    .toString()
    .replace(/^\ufeff/, "")
    .trim();
  if (text === "") throw unreadable("its body is empty.");
  return text.startsWith("<") ? readXml(text) : readJson(text);
}

function readJson(text: string): unknown {
  try {
    const read: unknown = JSON.parse(text);
    // Some write the envelope of XML in JSON too.
    const inside = z.object({ tsRequest: z.unknown() }).safeParse(read);
    return inside.success && inside.data.tsRequest !== undefined ? inside.data.tsRequest : read;
  } catch {
    throw unreadable("its body is neither XML nor JSON.");
  }
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  // For character references; entities of a document's own need a document type, which none may have.
  htmlEntities: true,
  maxNestedTags: 16,
});

function readXml(text: string): unknown {
  if (/<!DOCTYPE/i.test(text)) throw unreadable("it declares a document type.");
  try {
    if (XMLValidator.validate(text) !== true) throw unreadable("its body is not well-formed XML.");
    const read: unknown = parser.parse(text);
    return z.object({ tsRequest: z.unknown() }).parse(read).tsRequest;
  } catch {
    // The parser throws on hostile names and nesting, and what it says of them would quote them.
    throw unreadable("its body is no tsRequest.");
  }
}
