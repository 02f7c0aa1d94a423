import { jsonApis } from "@easel/sandbox/api/table";
import { routes } from "@easel/sandbox/rest/table";
import { routeTable } from "@easel/tableau/routes/route-table";
import { markdownTable } from "./markdown-table.ts";

/** A call that the sandbox answers. `scope` is what a JWT session must hold, in words. */
type Answered = { method: string; path: string; scope: string; role: string; edition: string };

type Scopes = string | readonly string[];

const roles = {
  anyone: "all users",
  explorer: "Explorers",
  siteAdministrator: "site administrators",
  serverAdministrator: "server administrators",
} as const;

const answered: readonly Answered[] = [
  ...routes.map((route) => {
    const { method, template, edition = "" } = route;
    return route.kind === "open"
      ? { method, path: template, scope: "", role: "everybody", edition }
      : { method, path: template, scope: inWords(route.jwt), role: roles[route.role], edition };
  }),
  ...jsonApis.flatMap((api) =>
    api.routes.map((route) => {
      const { method, path, edition = "" } = route;
      return "role" in route
        ? { method, path, scope: inWords(route.jwt), role: roles[route.role], edition }
        : { method, path, scope: "", role: "everybody", edition };
    }),
  ),
];

/** What Easel's own table of Tableau's routes knows, by family. */
const families = Map.groupBy(routeTable, ({ family }) => family);

/** How much of each family of Tableau's API the sandbox answers, and what of it is left out. */
export function sandboxSummary(): string {
  const byFamily = answeredByFamily();
  const rows = [...new Set([...families.keys(), ...byFamily.keys()])].map((family) => {
    const calls = byFamily.get(family)?.length ?? 0;
    const missing = (families.get(family) ?? []).filter((known) => !answered.some((call) => isAnswer(call, known)));
    return [family, calls === 0 ? "–" : `${calls} calls`, calls === 0 ? "all" : leftOut(missing)];
  });
  return markdownTable(["family", "answered", "left out"], rows);
}

/** ROUTES.md: every call that the sandbox answers, from its own routes. */
export function sandboxRoutesPage(): string {
  const sections = [...answeredByFamily()].map(([family, calls]) => {
    const rows = calls.map(({ method, path, scope, role, edition }) => [`${method} \`${path}\``, scope, role, edition]);
    return `## ${family}\n\n${markdownTable(["call", "scope of a JWT session", "for", "only on"], rows)}`;
  });
  return [
    introduction,
    ...sections,
    "_Made by `node apps/server/src/docs/cli.ts`; a test holds it to the routes._\n",
  ].join("\n\n");
}

const introduction = `# Every call that the sandbox answers

Addresses that begin with \`/api/\` are whole; all others stand below \`/api/3.27\` (or an older version, or \`/api/exp\`). A
session by password or personal access token needs no scope; a JWT session needs the one that is named, of several any.
Beside a site role, content asks for permissions, as at Tableau.`;

function inWords(scopes: Scopes): string {
  if (scopes === "always") return "any";
  if (scopes === "never") return "none: not by JWT";
  return (typeof scopes === "string" ? [scopes] : scopes).map((scope) => `\`${scope}\``).join(" or ");
}

function answeredByFamily(): Map<string, Answered[]> {
  const byFamily = Map.groupBy(answered, familyOf);
  const known = [...families.keys()].filter((family) => byFamily.has(family));
  const order = new Set([...known, ...byFamily.keys()]);
  return new Map([...order].map((family) => [family, byFamily.get(family) ?? []]));
}

/** Calls that only the sandbox's table has belong with the shortest address that begins as theirs do. */
function familyOf(call: Answered): string {
  const known = routeTable.find((route) => isAnswer(call, route));
  if (known !== undefined) return known.family;
  const parts = onSite(call.path).split("/");
  for (let length = parts.length; length > 0; length--) {
    const start = `${parts.slice(0, length).join("/")}/`;
    const neighbours = routeTable.filter(({ template }) => `${onSite(template)}/`.startsWith(start));
    const [shortest] = neighbours.toSorted((one, other) => one.template.length - other.template.length);
    if (shortest !== undefined) return shortest.family;
  }
  return "Others";
}

function onSite(path: string): string {
  return plain(path).replace(/^(\/sites\/\{\})?\//, "");
}

/** Whether a call of the sandbox's is one of Tableau's: the same address, whatever its braces are called. */
function isAnswer({ method, path }: Answered, known: { method: string; template: string }): boolean {
  if (method !== known.method) return false;
  const [own, other] = [plain(path).split("/"), plain(known.template).split("/")];
  return own.length === other.length && own.every((part, index) => part === "{}" || part === other[index]);
}

function plain(path: string): string {
  return path
    .replace(/^\/api\/exp(?=\/)/, "")
    .toLowerCase()
    .replaceAll(/\{\w+\}/g, "{}");
}

function leftOut(calls: readonly { method: string; template: string }[]): string {
  const byPath = Map.groupBy(calls, ({ template }) => template.replace(/^\/sites\/\{siteId\}\/(?=.)/, ""));
  return [...byPath].map(([path, same]) => `${same.map(({ method }) => method).join(" ")} \`${path}\``).join(", ");
}
