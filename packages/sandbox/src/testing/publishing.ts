import * as z from "zod";
import { zipOf } from "../files/stored-zip.ts";
import { objectOf, pageOf, type SignedIn } from "./client.ts";

export type TestFile = { part: string; filename: string; content: string | Uint8Array };

/** A request to publish, as public clients write it: the payload, and the file unless it was uploaded before. */
export function publishBody(payload: string, file?: TestFile, payloadType = "text/xml") {
  const boundary = "test-boundary-7d0a";
  const parts: (string | Uint8Array)[] = [
    `--${boundary}\r\nContent-Disposition: name="request_payload"; filename=""\r\nContent-Type: ${payloadType}\r\n\r\n`,
    payload,
    "\r\n",
  ];
  if (file !== undefined) {
    parts.push(
      `--${boundary}\r\nContent-Disposition: form-data; name="${file.part}"; filename="${file.filename}"\r\n`,
      "Content-Type: application/octet-stream\r\n\r\n",
      file.content,
      "\r\n",
    );
  }
  const body = Buffer.concat([...parts, `--${boundary}--\r\n`].map((part) => Buffer.from(part)));
  return { method: "POST", body, headers: { "content-type": `multipart/mixed; boundary=${boundary}` } };
}

/** Publishes a file; the kind of content and the file's type follow from its name. */
export function publishFile(session: SignedIn, name: string, file: Omit<TestFile, "part">, query = "") {
  const type = file.filename.split(".").at(-1) ?? "";
  const kind = type.startsWith("twb") ? "workbook" : "datasource";
  const payload = `<tsRequest><${kind} name="${name}"/></tsRequest>`;
  const path = `/${kind}s?${kind}Type=${type}${query}`;
  return session.onSite(path, publishBody(payload, { part: `tableau_${kind}`, ...file }));
}

/** A small workbook with these worksheets, and a dashboard of the first. */
export function twb(...worksheets: string[]): string {
  const sheets = worksheets.map((name) => `<worksheet name='${name}'><table><view/><rows/><cols/></table></worksheet>`);
  const zone = `<zones><zone name='${worksheets[0]}' h='100000' w='100000' x='0' y='0'/></zones>`;
  const boards = `<dashboards><dashboard name='Board'>${zone}</dashboard></dashboards>`;
  return `<?xml version='1.0'?><workbook><worksheets>${sheets.join("")}</worksheets>${boards}</workbook>`;
}

export function twbx(document: string, extract = "HyPer\b"): Buffer {
  return zipOf([
    { name: "Book.twb", content: Buffer.from(document) },
    { name: "Data/Extracts/book.hyper", content: Buffer.from(extract) },
  ]);
}

/** The seeded item of a name, e.g. `seeded(session, "workbooks", "Superstore")`. */
export async function seeded(
  session: SignedIn,
  path: "workbooks" | "datasources" | "projects",
  name: string,
): Promise<Record<string, unknown> & { id: string }> {
  const answer = await session.onSite(`/${path}?filter=name:eq:${encodeURIComponent(name)}`);
  const { items } = await pageOf(answer, path, path.slice(0, -1));
  const [item] = items;
  if (item === undefined) throw new Error(`There is no '${name}' among the ${path}.`);
  return { ...item, id: String(item.id) };
}

const workbookSchema = z.looseObject({
  id: z.string(),
  views: z.object({ view: z.array(z.looseObject({ id: z.string(), name: z.string() })).default([]) }),
});

/** The workbook that a request answered with, its views as a list. */
export async function workbookOf(answer: Response) {
  const { views, ...workbook } = workbookSchema.parse(await objectOf(answer, "workbook"));
  return { ...workbook, views: views.view };
}
