import type { Session } from "../auth/sessions.ts";
import { indexed } from "../control/index-lag.ts";
import { numberOf } from "../metadata/ids.ts";
import { isoSeconds } from "../query/description.ts";
import type { Project } from "../rest/projects/model.ts";
import type { User } from "../rest/users/model.ts";
import type { Site } from "../site/site.ts";
import type { World } from "../world.ts";
import { type Downstream, openDownstream } from "./downstream.ts";
import { type Used, usageOf } from "./usage.ts";

/** What search finds, by the names that its filter and its answers have for the types. */
export const contentTypes = [
  "workbook",
  "view",
  "datasource",
  "project",
  "flow",
  "virtualconnection",
  "database",
  "table",
] as const;

export type ContentType = (typeof contentTypes)[number];

/** Something that search finds. `words` is what its terms are looked for in, the title first. */
export type Found = {
  type: ContentType;
  luid: string;
  uri: string;
  ownerId: number;
  modifiedAt: number;
  used: Used;
  downstreamWorkbooks: () => number;
  words: readonly string[];
  /** Makes what is answered of it. */
  written: () => Record<string, unknown>;
};

/** How things of one type are found and written. */
type Kind<Item> = {
  type: ContentType;
  items: (site: Site) => Iterable<Item>;
  isVisible: (user: User) => (item: Item) => boolean;
  describe: (item: Item) => Described;
  /** What is answered only of this type. */
  more: (item: Item, site: Site, downstream: Downstream) => Record<string, unknown>;
};

type Described = {
  id: string;
  title: string;
  description?: string | undefined;
  owner: User;
  /** What it is in; undefined for what is in nothing. */
  project: Project | undefined;
  tags: readonly string[];
  createdAt?: number;
  modifiedAt: number;
  uri: string;
};

/** Finds everything of one type that a session's user may see and the index knows by now. */
export type Finder = (world: World, session: Session) => Iterable<Found>;

export function finder<Item extends object>({ items, isVisible, ...kind }: Kind<Item>): Finder {
  return (world, { site, user }) => {
    const place = { site, downstream: openDownstream(site) };
    return Iterator.from(indexed(world, items(site)))
      .filter(isVisible(user))
      .map((item) => foundOf(item, kind, place));
  };
}

function foundOf<Item extends object>(
  item: Item,
  { type, describe, more }: Pick<Kind<Item>, "type" | "describe" | "more">,
  { site, downstream }: { site: Site; downstream: Downstream },
): Found {
  const described = describe(item);
  const { id, title, description = "", owner, project, tags, modifiedAt } = described;
  const used = { kind: usageKinds[type], id };
  return {
    type,
    luid: id,
    uri: described.uri,
    ownerId: numberOf(owner.id),
    modifiedAt,
    used,
    downstreamWorkbooks: () => downstream(item),
    words: [title, description, project?.name ?? "", owner.fullName, ...tags],
    written: () => ({ type, luid: id, ...always(described), ...counted(site, used), ...more(item, site, downstream) }),
  };
}

const usageKinds: Readonly<Record<ContentType, Used["kind"]>> = {
  workbook: "workbook",
  view: "view",
  datasource: "datasource",
  flow: "flow",
  project: "other",
  virtualconnection: "other",
  database: "other",
  table: "other",
};

/** What is answered of everything. Owners and projects have numbers here, not LUIDs (tableau-mcp warns of it). */
function always({ title, owner, project, tags, createdAt, modifiedAt }: Described): Record<string, unknown> {
  return {
    title,
    ownerId: numberOf(owner.id),
    ownerName: owner.fullName,
    ownerEmail: owner.email,
    ...(project === undefined
      ? {}
      : { projectId: numberOf(project.id), projectName: project.name, containerName: project.name }),
    tags,
    modifiedTime: isoSeconds(modifiedAt),
    ...(createdAt === undefined ? {} : { createdTime: isoSeconds(createdAt) }),
  };
}

function counted(site: Site, used: Used): Record<string, unknown> {
  if (used.kind === "other") return {};
  const { total, lastTwoWeeks, lastOneMonth, lastThreeMonths, lastTwelveMonths } = usageOf(site, used);
  return {
    hitsTotal: total,
    hitsLastTwoWeeksTotal: lastTwoWeeks,
    hitsSmallSpanTotal: lastOneMonth,
    hitsMediumSpanTotal: lastThreeMonths,
    hitsLargeSpanTotal: lastTwelveMonths,
  };
}
