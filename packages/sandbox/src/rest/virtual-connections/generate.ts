import { type Generation, pastTimes } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import { connectionTo } from "../connections/generate.ts";
import type { Project } from "../projects/model.ts";
import type { VirtualConnection } from "./model.ts";

/** Acme's virtual connections: name, what they are for, what they lead to, and their tables. */
const seeds: readonly [name: string, description: string, type: string, ...tables: string[]][] = [
  [
    "Analytics Warehouse",
    "The warehouse's tables, filtered by region for whoever asks.",
    "snowflake",
    ...["Orders", "Customers", "Products", "Returned Orders"],
  ],
  [
    "Operations Replica",
    "A copy of the operational database, an hour old at most.",
    "postgres",
    ...["Daily Sales", "Suppliers", "Regions"],
  ],
  ["Finance Ledger", "Posted entries; open months are left out.", "sqlserver", "Ledger Entries", "Shipped Revenue"],
];

export function generateVirtualConnections(generation: Generation, projects: ReadonlyMap<string, Project>): void {
  const random = generation.random("virtual connections");
  const project = projects.get("Data platform/Certified sources");
  if (project === undefined) return;
  for (let copy = 1; copy <= generation.scale; copy++) {
    for (const [seedName, description, type, ...tables] of seeds) {
      const name = copy === 1 ? seedName : `${seedName} ${copy}`;
      const { site } = generation;
      const made = makeVirtualConnection(generation, random, { name, description, project, type, tables });
      site.virtualConnections.set(made.id, made);
    }
  }
}

type Seed = { name: string; description: string; project: Project; type: string; tables: readonly string[] };

function makeVirtualConnection(
  { site, now, authors }: Generation,
  random: Random,
  { name, description, project, type, tables }: Seed,
): VirtualConnection {
  const id = luidOf(site.contentUrl, "virtual connection", name);
  const owner = random.pick(authors);
  const times = pastTimes(random, now);
  const { serverAddress, serverPort, userName, databaseName } = connectionTo(id, type, undefined);
  return {
    id,
    number: 1 + site.virtualConnections.size,
    name,
    description,
    project,
    owner,
    tags: [],
    hasExtracts: random.onceIn(2),
    isCertified: true,
    certificationNote: "",
    connections: [
      {
        id: luidOf(site.contentUrl, "virtual connection's connection", name),
        dbClass: type,
        server: serverAddress,
        port: serverPort,
        userName,
        database: databaseName,
      },
    ],
    tables: tables.map((table) => ({
      id: luidOf(site.contentUrl, "virtual connection's table", name, table),
      name: table,
      isCertified: false,
    })),
    revisions: [{ number: 1, publishedAt: times.updatedAt, publisher: owner, content: contentOf(id, name) }],
    ...times,
  };
}

/** What is downloaded of a virtual connection of the seed: as much of Tableau's own as public fixtures show. */
function contentOf(id: string, name: string): string {
  const policyCollection = { luid: luidOf(id, "policies"), policies: [] };
  return JSON.stringify({
    policyCollection,
    revision: { luid: luidOf(id, "revision"), revisableProperties: { name } },
  });
}
