import { jsonApis } from "@easel/sandbox/api/table";
import { routes } from "@easel/sandbox/rest/table";
import { everything, type TableauRoute } from "@easel/tableau/routes/route-line";
import { routeTable } from "@easel/tableau/routes/route-table";
import { expect, test } from "vitest";

/**
 * Easel's table of Tableau's routes says which permission a call needs, and explains refusals; the sandbox refuses by
 * routes of its own. Both are written by hand, apart from each other: here each is held against the other.
 */
interface Answered {
  /** E.g. `GET /sites/{siteId}/projects`. */
  readonly call: string;
  /** Of several scopes a JWT session needs one. `always`: any session will do, `never`: none by JWT, `open`: no session. */
  readonly scopes: readonly string[];
  readonly role: string;
  readonly edition: string;
}

const answered: readonly Answered[] = [
  ...routes.map((route) => ({
    // At Tableau what is not finished is below /api/exp; the sandbox has it at the versions' addresses, too.
    call: `${route.method} ${route.isExperimental ? "/api/exp" : ""}${route.template}`,
    scopes: route.kind === "open" ? ["open"] : [route.jwt].flat(),
    role: route.kind === "open" ? "anyone" : route.role,
    edition: route.edition ?? "both",
  })),
  ...jsonApis.flatMap((api) =>
    api.routes.map((route) => ({
      call: `${route.method} ${route.path}`,
      scopes: [route.jwt].flat(),
      role: "role" in route ? route.role : "anyone",
      edition: route.edition ?? "both",
    })),
  ),
];

type What = "unknown" | "scope" | "role" | "edition";

interface Difference {
  readonly call: string;
  readonly what: What;
  readonly words: string;
}

/** What differs on purpose. */
const exceptions: readonly { calls: RegExp; what: What; reason: string }[] = [
  {
    calls: /^\w+ \/sites\/\{siteId\}\/webhooks/,
    what: "scope",
    reason: "The scopes came with unified access tokens. That connected apps may have them is nowhere said.",
  },
  {
    calls: /^\w+ \/relationship-service-war\/graphql$/,
    what: "unknown",
    reason: "An inner address of the Metadata API that old clients use. Easel sends nothing that is not below /api.",
  },
  {
    calls: /^GET \/api\/metadata\/graphql$/,
    what: "unknown",
    reason: "For trying a query in a browser; Tableau's reference has POST only.",
  },
];

const names: ReadonlySet<string> = new Set(answered.map(({ call }) => plain(call)));
const rows: ReadonlyMap<string, TableauRoute> = new Map(
  routeTable.map((row) => [plain(`${row.method} ${row.template}`), row]),
);
const differences = answered.flatMap(differencesOf);

test("the sandbox answers only what Easel knows, and asks for what Easel says", () => {
  const unexpected = differences.filter((one) => !exceptions.some((exception) => isOf(one, exception)));
  expect(unexpected.map(({ call, words }) => `${call}: ${words}`)).toEqual([]);
});

test.each(exceptions)("$calls differs indeed", (exception) => {
  expect(differences.some((one) => isOf(one, exception))).toBe(true);
});

function isOf({ call, what }: Difference, exception: (typeof exceptions)[number]): boolean {
  return exception.what === what && exception.calls.test(call);
}

function differencesOf(route: Answered): Difference[] {
  const { call, scopes, role, edition } = route;
  const known = rowsOf(call);
  if (known.length === 0) return [{ call, what: "unknown", words: "is not in Easel's table" }];
  return known.flatMap((row): Difference[] => {
    const [scope, roles] = [scopeOf(row), rolesOf(row)];
    const differs = (what: What, own: string, other: string) => ({ call, what, words: `${what} ${own}, not ${other}` });
    return [
      ...(scope.some((one) => scopes.includes(one)) ? [] : [differs("scope", scopes.join(), scope.join())]),
      ...(roles.includes(role) ? [] : [differs("role", role, roles.join())]),
      ...(row.edition === edition ? [] : [differs("edition", edition, row.edition)]),
    ];
  });
}

/** The row of the same address, whatever its braces are called; else all that the sandbox's braces alone stand for. */
function rowsOf(call: string): readonly TableauRoute[] {
  const same = rows.get(plain(call));
  if (same !== undefined) return [same];
  const own = plain(call).split("/");
  const stands = (name: string): boolean => {
    const parts = name.split("/");
    return parts.length === own.length && own.every((part, at) => part === "{}" || part === parts[at]);
  };
  return [...rows].filter(([name]) => !names.has(name) && stands(name)).map(([, row]) => row);
}

function plain(call: string): string {
  return call.toLowerCase().replaceAll(/\{\w+\}/g, "{}");
}

function scopeOf({ scope }: TableauRoute): readonly string[] {
  if (scope === null) return ["always", "open"];
  return [scope === everything ? "never" : scope];
}

/** Whether somebody may publish, the sandbox's handlers ask themselves, as they ask for permissions on content. */
function rolesOf({ role }: TableauRoute): readonly string[] {
  switch (role) {
    case "server administrator":
      return ["serverAdministrator"];
    case "site administrator":
      return ["siteAdministrator"];
    default:
      return ["anyone", "explorer"];
  }
}
