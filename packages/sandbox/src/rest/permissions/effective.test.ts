import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generateSites } from "../../site/generate.ts";
import type { GroupSet } from "../group-sets/model.ts";
import type { Group } from "../groups/model.ts";
import type { Project } from "../projects/model.ts";
import { type SiteRole, siteRoles, type User } from "../users/model.ts";
import type { VirtualConnection } from "../virtual-connections/model.ts";
import { type Content, rulesOf } from "./content.ts";
import { leads, may, readerOf } from "./effective.ts";
import { type Capability, capabilities, defaultKinds, type Grantee, type Rule, type Rules } from "./model.ts";
import { addRules, removeMode } from "./rules.ts";

const makeUser = (name: string, siteRole: SiteRole = "Creator"): User => ({
  id: name,
  name,
  fullName: name,
  email: name,
  siteRole,
  authSetting: "ServerDefault",
  language: "en",
  locale: "en_US",
  lastLogin: undefined,
});

const makeGroup = (name: string, members: User[]): Group => ({
  id: name,
  name,
  holdsEveryone: name === "All Users",
  members: new Set(members),
  minimumSiteRole: undefined,
  grantLicenseMode: undefined,
});

const defaults = (rules: Rules): Project["defaultPermissions"] => ({
  ...{ workbooks: rules, datasources: rules, flows: rules, metrics: rules, lenses: rules },
  ...{ dataroles: rules, databases: rules, tables: rules, virtualConnections: rules },
});

const makeProject = (name: string, owner: User, facts: Partial<Project> = {}): Project => ({
  id: name,
  name,
  description: "",
  parent: undefined,
  owner,
  contentPermissions: "ManagedByOwner",
  permissions: [],
  defaultPermissions: defaults([]),
  createdAt: 0,
  updatedAt: 0,
  ...facts,
});

const makeItem = (project: Project, owner: User, permissions?: Rules): VirtualConnection => ({
  id: "item",
  number: 1,
  name: "item",
  description: "",
  project,
  owner,
  permissions,
  tags: [],
  hasExtracts: false,
  isCertified: false,
  certificationNote: "",
  connections: [],
  tables: [],
  revisions: [],
  createdAt: 0,
  updatedAt: 0,
});

const [asker, other, outsider] = [makeUser("asker"), makeUser("other"), makeUser("outsider")];
const everyone = makeGroup("All Users", []);
const mine = makeGroup("mine", [asker]);
const ours = makeGroup("ours", [asker, other]);
const theirs = makeGroup("theirs", [other]);
const bothMine: GroupSet = { id: "both mine", name: "both mine", groups: new Set([mine, ours]) };
const halfMine: GroupSet = { id: "half mine", name: "half mine", groups: new Set([mine, theirs]) };
const empty: GroupSet = { id: "empty", name: "empty", groups: new Set() };

const grantees: readonly Grantee[] = [
  ...[asker, other].map((user): Grantee => ({ kind: "user", user })),
  ...[everyone, mine, ours, theirs].map((group): Grantee => ({ kind: "group", group })),
  ...[bothMine, halfMine, empty].map((groupSet): Grantee => ({ kind: "groupSet", groupSet })),
];

/** Those of them that the asker is, or is in. */
const askersGroups = new Set(["All Users", "mine", "ours", "both mine"]);

const nameOf = (grantee: Grantee): string => {
  if (grantee.kind === "user") return grantee.user.name;
  return grantee.kind === "group" ? grantee.group.name : grantee.groupSet.name;
};

const modes = fc.dictionary(fc.constantFrom(...capabilities), fc.constantFrom("Allow" as const, "Deny" as const), {
  noNullPrototype: true,
});
const rule: fc.Arbitrary<Rule> = fc.record({ grantee: fc.constantFrom(...grantees), modes });
const rulesOnce = fc.uniqueArray(rule, { selector: ({ grantee }) => nameOf(grantee), maxLength: 9 });
const capability = fc.constantFrom<Capability>(...capabilities);

/** Tableau's own words as a list of questions: the user's rule, then any denial, then any allowance of a group. */
function naive(rules: Rules, wanted: Capability): boolean {
  const own = rules.find(({ grantee }) => grantee.kind === "user" && grantee.user === asker)?.modes[wanted];
  if (own !== undefined) return own === "Allow";
  const ofGroups = rules.filter(({ grantee }) => askersGroups.has(nameOf(grantee))).map((one) => one.modes[wanted]);
  return ofGroups.includes("Allow") && !ofGroups.includes("Deny");
}

describe("what rules allow", () => {
  test("agrees with a naive model for any rules, whether they are an item's or its project's", () => {
    fc.assert(
      fc.property(rulesOnce, capability, fc.boolean(), (rules, wanted, areOwn) => {
        const project = makeProject("p", outsider, areOwn ? {} : { defaultPermissions: defaults(rules) });
        const item = makeItem(project, outsider, areOwn ? rules : undefined);
        expect(may(asker, wanted, item)).toBe(naive(rules, wanted));
        expect(readerOf(asker)(item)).toBe(naive(rules, "Read"));
      }),
    );
  });

  test("is nothing to a user without a licence, and everything to owners, leaders and administrators", () => {
    fc.assert(
      fc.property(rulesOnce, capability, (rules, wanted) => {
        const item = makeItem(makeProject("p", outsider), outsider, rules);
        expect(may(makeUser("unlicensed", "Unlicensed"), wanted, item)).toBe(false);
        expect(may(outsider, wanted, item)).toBe(true);
        expect(may(makeUser("admin", "SiteAdministratorExplorer"), wanted, item)).toBe(true);
        const led = makeProject("led", outsider, { permissions: [allow(asker, "ProjectLeader")] });
        expect(may(asker, wanted, makeItem(makeProject("nested", outsider, { parent: led }), outsider, rules))).toBe(
          true,
        );
      }),
    );
  });

  test("never reaches beyond a site role", () => {
    const all = capabilities.map((name) => [name, "Allow"] as const);
    const rules: Rules = [{ grantee: { kind: "group", group: everyone }, modes: Object.fromEntries(all) }];
    const item = makeItem(makeProject("p", outsider), outsider, rules);
    const reach = (siteRole: SiteRole) => capabilities.filter((name) => may(makeUser("one", siteRole), name, item));
    expect(reach("Viewer")).not.toContain("ExportXml");
    expect(reach("Viewer")).toContain("ExportData");
    expect(reach("Explorer")).toContain("ExportXml");
    expect(reach("Explorer")).not.toContain("Write");
    expect(reach("ExplorerCanPublish")).toEqual([...capabilities]);
    for (const siteRole of siteRoles) if (siteRole !== "Unlicensed") expect(reach(siteRole)).toContain("Read");
  });
});

test("a list shows exactly what may be read one by one, to everybody, of everything that a seed makes", () => {
  const [site] = generateSites({ now: 0, seed: "any", scale: 1, edition: "cloud" });
  const { users, projects, workbooks, views, datasources, flows, virtualConnections } = site ?? expect.fail();
  const everything = [projects, workbooks, views, datasources, flows, virtualConnections].flatMap((items) =>
    Array.from<Content>(items.values()),
  );
  const seen = Array.from(users.values().take(40), (user) => {
    const sees = readerOf(user);
    const visible = everything.filter((one) => sees(one));
    expect(visible).toEqual(everything.filter((one) => may(user, "Read", one)));
    return visible.length;
  });
  expect(new Set(seen).size).toBeGreaterThan(3);
});

describe("a locked project", () => {
  const locking = (contentPermissions: Project["contentPermissions"]) => {
    const top = makeProject("top", outsider, {
      contentPermissions,
      defaultPermissions: defaults([allow(asker, "Read")]),
    });
    return { top, nested: makeProject("nested", outsider, { parent: top }) };
  };

  test("says what holds for all that is in it, whatever is set on that", () => {
    const { top, nested } = locking("LockedToProject");
    for (const project of [top, nested]) {
      const item = makeItem(project, other, [deny(asker, "Read")]);
      expect(may(asker, "Read", item)).toBe(true);
      expect(may(other, "Delete", item)).toBe(true);
      expect(may(other, "ChangePermissions", item)).toBe(false);
      expect(may(outsider, "ChangePermissions", item)).toBe(true);
    }
  });

  test("may leave alone what is nested in it", () => {
    const { top, nested } = locking("LockedToProjectWithoutNested");
    expect(may(asker, "Read", makeItem(top, other, [deny(asker, "Read")]))).toBe(true);
    expect(may(asker, "Read", makeItem(nested, other, [deny(asker, "Read")]))).toBe(false);
  });
});

describe("changing rules", () => {
  test("adds what is said to what was there, or finds the contradiction, and never changes the shared array", () => {
    fc.assert(
      fc.property(rulesOnce, rulesOnce, (rules, added) => {
        const before = JSON.stringify(rules.map((one) => one.modes));
        const result = addRules(rules, added);
        const find = (all: Rules, name: string) => all.find(({ grantee }) => nameOf(grantee) === name)?.modes ?? {};
        if ("conflict" in result) {
          const contradicts = added.some(({ grantee, modes: said }) => {
            const had = find(rules, nameOf(grantee))[result.conflict];
            return had !== undefined && said[result.conflict] !== undefined && had !== said[result.conflict];
          });
          expect(contradicts).toBe(true);
        } else {
          for (const grantee of grantees) {
            const name = nameOf(grantee);
            expect(find(result, name)).toEqual({ ...find(rules, name), ...find(added, name) });
          }
        }
        expect(JSON.stringify(rules.map((one) => one.modes))).toBe(before);
      }),
    );
  });

  test("takes away exactly the one mode that is named", () => {
    fc.assert(
      fc.property(rulesOnce, fc.constantFrom(...grantees), capability, (rules, grantee, wanted) => {
        const left = removeMode(rules, grantee, wanted, "Allow");
        const had = rules.find((one) => nameOf(one.grantee) === nameOf(grantee))?.modes[wanted];
        if (had !== "Allow") expect(left).toBeUndefined();
        else expect(left?.find((one) => nameOf(one.grantee) === nameOf(grantee))?.modes[wanted]).toBeUndefined();
        expect(left?.some(({ modes: still }) => Object.keys(still).length === 0) ?? false).toBe(
          had === "Allow" && rules.some((one) => nameOf(one.grantee) !== nameOf(grantee) && isEmpty(one)),
        );
      }),
    );
  });

  test("leaders are owners and those whom the project or one around it names", () => {
    const top = makeProject("top", other, { permissions: [allow(asker, "ProjectLeader")] });
    const nested = makeProject("nested", outsider, { parent: top });
    expect([asker, other, outsider].map((user) => leads(user, nested))).toEqual([true, true, true]);
    expect([asker, other, outsider].map((user) => leads(user, top))).toEqual([true, true, false]);
    expect(rulesOf(top)).toBe(top.permissions);
    expect(defaultKinds.every((kind) => nested.defaultPermissions[kind].length === 0)).toBe(true);
  });
});

function allow(user: User, name: Capability): Rule {
  return { grantee: { kind: "user", user }, modes: { [name]: "Allow" } };
}

function deny(user: User, name: Capability): Rule {
  return { grantee: { kind: "user", user }, modes: { [name]: "Deny" } };
}

function isEmpty(one: Rule): boolean {
  return Object.keys(one.modes).length === 0;
}
