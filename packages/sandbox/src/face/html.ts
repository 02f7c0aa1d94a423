/** Markup that is safe to send: everything put into it was escaped, or was markup itself. */
export type Html = { readonly markup: string };

type Part = Html | string | number | undefined | false | readonly Part[];

/**
 * Writes markup. What is put in is escaped unless it is markup itself; nothing is written for undefined and false.
 *
 * @example html`<h1>${workbook.name}</h1>`
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: strings.map((string, index) => string + write(parts[index])).join("") };
}

function write(part: Part): string {
  if (part === undefined || part === false) return "";
  if (typeof part === "string" || typeof part === "number") return escaped(String(part));
  return "markup" in part ? part.markup : part.map(write).join("");
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
