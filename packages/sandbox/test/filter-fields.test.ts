import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, openTestSandbox, type SignedIn, type TestSandbox } from "../src/testing/client.ts";

/*
 * Which fields of which lists can be filtered by which operators (Tableau help, "Filtering and Sorting in the Tableau REST
 * API"; tableau-mcp's and TSC's lists of fields). Every one must be taken, with a value of its own kind.
 */
const [equals, oneOf, contains] = [["eq"], ["eq", "in"], ["eq", "has"]];
const inOrder = ["eq", "gt", "gte", "lt", "lte"];

type Field = { operators: readonly string[]; value: string };
const text = (operators: readonly string[]): Field => ({ operators, value: "Something" });
const flag: Field = { operators: equals, value: "true" };
const number: Field = { operators: inOrder, value: "3" };
const time: Field = { operators: inOrder, value: "2016-05-04T21:24:49Z" };
const luid = (operators: readonly string[]): Field => ({ operators, value: "9f9e9d9c-8b8a-4f8e-a7d7-b7a6f6d6e6d0" });

const ownerOfContent = { ownerDomain: text(oneOf), ownerName: text(oneOf) };

const lists: Record<string, Record<string, Field>> = {
  workbooks: {
    ...ownerOfContent,
    contentUrl: text(oneOf),
    createdAt: time,
    displayTabs: flag,
    favoritesTotal: number,
    hasAlerts: flag,
    hasExtracts: flag,
    name: text(oneOf),
    ownerEmail: text(oneOf),
    projectName: text(oneOf),
    sheetCount: number,
    size: number,
    subscriptionsTotal: number,
    subscriptionTotal: number,
    tags: text(oneOf),
    updatedAt: time,
  },
  views: {
    ...ownerOfContent,
    caption: text(oneOf),
    contentUrl: text(oneOf),
    createdAt: time,
    favoritesTotal: number,
    fields: text(oneOf),
    hitsTotal: number,
    name: text(oneOf),
    ownerEmail: text(oneOf),
    projectName: text(oneOf),
    sheetNumber: number,
    sheetType: { operators: oneOf, value: "worksheet" },
    tags: text(oneOf),
    title: text(oneOf),
    updatedAt: time,
    viewUrlName: text(oneOf),
    workbookDescription: text(oneOf),
    workbookName: text(oneOf),
  },
  datasources: {
    ...ownerOfContent,
    authenticationType: text(oneOf),
    connectedWorkbookType: number,
    connectionTo: text(oneOf),
    connectionType: text(oneOf),
    contentUrl: text(oneOf),
    createdAt: time,
    databaseName: text(oneOf),
    databaseUserName: text(oneOf),
    description: text(oneOf),
    favoritesTotal: number,
    hasAlert: flag,
    hasEmbeddedPassword: flag,
    hasExtracts: flag,
    isCertified: flag,
    isConnectable: flag,
    isDefaultPort: flag,
    isHierarchical: flag,
    isPublished: flag,
    name: text(oneOf),
    ownerEmail: text(equals),
    projectName: text(oneOf),
    serverName: text(oneOf),
    serverPort: { operators: equals, value: "5432" },
    size: number,
    tableName: text(oneOf),
    tags: text(oneOf),
    type: text(equals),
    updatedAt: time,
  },
  projects: {
    ...ownerOfContent,
    createdAt: time,
    name: text(oneOf),
    ownerEmail: text(oneOf),
    parentProjectId: luid(oneOf),
    topLevelProject: flag,
    updatedAt: time,
  },
  jobs: {
    args: text(["has"]),
    completedAt: time,
    createdAt: time,
    jobType: { operators: oneOf, value: "refresh_extracts" },
    notes: text(["has"]),
    priority: number,
    progress: number,
    startedAt: time,
    status: { operators: equals, value: "Success" },
    subtitle: text(contains),
    title: text(contains),
  },
  users: { friendlyName: text(oneOf), lastLogin: time, name: text([...oneOf, "cieq"]), siteRole: text(oneOf) },
  groups: {
    domainName: text(oneOf),
    domainNickname: text(oneOf),
    isLocal: flag,
    minimumSiteRole: text(oneOf),
    name: text([...oneOf, "cieq"]),
    userCount: number,
  },
  flows: {
    createdAt: time,
    name: text(oneOf),
    ownerName: text(equals),
    projectId: luid(equals),
    projectName: text(oneOf),
    updatedAt: time,
  },
  "flows/runs": { completedAt: time, flowId: luid(oneOf), progress: number, startedAt: time, userId: luid(oneOf) },
  customviews: {
    createdAt: time,
    id: luid(oneOf),
    name: text(oneOf),
    ownerId: luid(equals),
    shared: flag,
    updatedAt: time,
    viewId: luid(equals),
    workbookId: luid(equals),
  },
  virtualConnections: { name: text(oneOf) },
  groupsets: { name: text(oneOf) },
};

const cases = Object.entries(lists).flatMap(([list, fields]) =>
  Object.entries(fields).flatMap(([field, { operators, value }]) =>
    operators.map((operator) => ({ list, filter: `${field}:${operator}:${operator === "in" ? `[${value}]` : value}` })),
  ),
);

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

describe("the fields that Tableau filters by", () => {
  test.each(cases)("$list take $filter", async ({ list, filter }) => {
    const answer = await session.onSite(`/${list}?${new URLSearchParams({ filter })}`);
    expect(answer.status, await answer.text()).toBe(200);
  });

  test.each(Object.keys(lists))("%s refuse others, in filters, sorts and fields", async (list) => {
    for (const query of ["filter=noSuchField:eq:a", "sort=noSuchField:asc"]) {
      expect(await errorOf(await session.onSite(`/${list}?${query}`)), query).toMatchObject({ code: "400065" });
    }
  });

  test("flow runs let a status pass, and do not filter by it", async () => {
    const all = await (await session.onSite("/flows/runs")).json();
    expect(await (await session.onSite("/flows/runs?filter=status:eq:Failed")).json()).toEqual(all);
  });
});
