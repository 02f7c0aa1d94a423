import { type GraphQLFieldResolver, type GraphQLResolveInfo, getNamedType, isListType, isNonNullType } from "graphql";
import { isSiteAdministrator } from "../auth/roles.ts";
import type { User } from "../rest/users/model.ts";
import { attributeOf } from "./attributes.ts";
import type { Budget } from "./budget.ts";
import { listOf } from "./edges.ts";
import { type ListArguments, orderOf, readArguments, type Sight, selectNodes } from "./lists.ts";
import type { Node } from "./nodes.ts";
import { queryError } from "./notices.ts";
import { type Page, pageOf } from "./page.ts";
import { rootsOf } from "./roots.ts";
import { rootTypes } from "./schema.ts";
import { filterRequired } from "./selecting.ts";
import { isSafe } from "./visibility.ts";
import { widthOf } from "./width.ts";

/** What one query is answered with. */
export type Answering = Sight & { user: User; budget: Budget };

/** Resolves every field of the schema: what it is follows from its type and its name. */
export const resolveField: GraphQLFieldResolver<unknown, Answering> = (source, given, answering, info) => {
  const { parentType, fieldName } = info;
  if (parentType.name === "Query") return resolveList(undefined, fieldName, readArguments(given), answering, info);
  if (!isNode(source)) return resolvePlain(source, answering, info);
  const pause = answering.budget.pause();
  const resolve = (): unknown => {
    if (isListLike(info)) return resolveList(source, fieldName, readArguments(given), answering, info);
    return resolveAttribute(source, answering, info);
  };
  return pause === undefined ? resolve() : pause.then(resolve);
};

/** Of what type a thing of an interface is. */
export function typeOf(source: unknown): string | undefined {
  return isNode(source) ? source.kind : undefined;
}

function resolveAttribute(node: Node, { ways, isHidden }: Answering, info: GraphQLResolveInfo): unknown {
  const value = attributeOf(node, info.fieldName, ways);
  if (isHidden(node) && !isSafe(info.fieldName) && !isNode(value)) return obscured(info);
  return value ?? (isNonNullType(info.returnType) ? obscured(info) : undefined);
}

/** What stands where something must be said and may not be. */
function obscured({ returnType }: GraphQLResolveInfo): unknown {
  if (!isNonNullType(returnType)) return null;
  return getNamedType(returnType).name === "Boolean" ? false : "";
}

/** The parts of a page and of an inherited description are there already; a page's nodes count. */
function resolvePlain(source: unknown, { budget }: Answering, info: GraphQLResolveInfo): unknown {
  if (typeof source !== "object" || source === null) return undefined;
  const value: unknown = Object.entries(source).find(([name]) => name === info.fieldName)?.[1];
  if (!Array.isArray(value) || info.fieldName !== "nodes") return value;
  return value.slice(0, budget.take(value.length, widthOf(info)));
}

function resolveList(
  holder: Node | undefined,
  fieldName: string,
  list: ListArguments,
  answering: Answering,
  info: GraphQLResolveInfo,
): unknown {
  const { ways, notices, budget } = answering;
  const isPaged = !isListType(nullable(info));
  const name = isPaged ? fieldName.replace(/Connection$/, "") : fieldName;
  const type = holder === undefined ? (rootTypes.get(name) ?? "") : listedType(info, isPaged);
  if (holder === undefined) requireFilter(type, list, answering.user);
  const all = holder === undefined ? rootsOf(type, ways) : listOf(holder, name, type, ways);
  const nodes = selectNodes(all, list, name, answering);
  if (!isPaged) return nodes.slice(0, budget.take(nodes.length, widthOf(info)));
  const order = orderOf(list, answering);
  return pageOf({ nodes, type, siteId: ways.graph.site.id, order, notices }, list) satisfies Page;
}

/** The type of a connection's nodes, or of a list's items. */
function listedType(info: GraphQLResolveInfo, isPaged: boolean): string {
  const named = getNamedType(info.returnType);
  if (!isPaged || !("getFields" in named)) return named.name;
  const { nodes } = named.getFields();
  return nodes === undefined ? named.name : getNamedType(nodes.type).name;
}

function requireFilter(type: string, { filter }: ListArguments, user: User): void {
  if (!filterRequired.has(type) || isSiteAdministrator(user)) return;
  if (Object.keys(filter ?? {}).length > 0) return;
  throw queryError(
    "FILTER_REQUIRED",
    "Can't run the query because you must be an admin. Alternatively, if you are not an admin, you can rerun the query with a field name filter to return results.",
  );
}

function isListLike(info: GraphQLResolveInfo): boolean {
  if (info.fieldName === "descriptionInherited") return false;
  return isListType(nullable(info)) || info.fieldName.endsWith("Connection");
}

function nullable({ returnType }: GraphQLResolveInfo) {
  return isNonNullType(returnType) ? returnType.ofType : returnType;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "kind" in value && "id" in value;
}
