import { alone, draw, drawing, inLists, type Resource } from "../../query/description.ts";
import { list } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, flag, read } from "../../wire/request-schema.ts";
import type { Route, SessionCall } from "../route.ts";
import { findValue } from "./labels.ts";
import type { LabelCategory, LabelValue } from "./model.ts";
import { categoryResource, valueResource } from "./resources.ts";
import { categoryOf } from "./warning-types.ts";

/** Values, and categories, of one site, Tableau's own included. */
const mostValues = 1_000;
const longestName = 128;

const valueSchema = element({
  labelValue: element({
    name: attribute.optional(),
    category: attribute.optional(),
    description: attribute.optional(),
    elevatedDefault: flag.optional(),
  }),
});

const categorySchema = element({
  labelCategory: element({ name: attribute.optional(), description: attribute.optional() }),
});

const values = { kind: "session", template: "/sites/{siteId}/labelValues" } as const;
const value = { kind: "session", template: "/sites/{siteId}/labelValues/{name}" } as const;
const categories = { kind: "session", template: "/sites/{siteId}/labelCategories" } as const;
const category = { kind: "session", template: "/sites/{siteId}/labelCategories/{name}" } as const;
const administrators = "siteAdministrator";

export const labelValueRoutes: readonly Route[] = [
  { ...values, method: "GET", body: "none", jwt: "tableau:label_values:read", role: "anyone", handle: listValues },
  {
    ...values,
    method: "PUT",
    body: "tsRequest",
    jwt: "tableau:label_values:update",
    role: administrators,
    handle: putValue,
  },
  { ...value, method: "GET", body: "none", jwt: "tableau:label_values:read", role: "anyone", handle: showValue },
  {
    ...value,
    method: "DELETE",
    body: "none",
    jwt: "tableau:label_values:delete",
    role: administrators,
    handle: deleteValue,
  },
  {
    ...categories,
    method: "GET",
    body: "none",
    jwt: "tableau:label_categories:read",
    role: "anyone",
    handle: (call: SessionCall) => listed(categoryResource, call.session.site.labels.categories.values(), call),
  },
  {
    ...categories,
    method: "POST",
    body: "tsRequest",
    jwt: "tableau:label_categories:create",
    role: administrators,
    handle: createCategory,
  },
  {
    ...category,
    method: "PUT",
    body: "tsRequest",
    jwt: "tableau:label_categories:update",
    role: administrators,
    handle: updateCategory,
  },
  {
    ...category,
    method: "DELETE",
    body: "none",
    jwt: "tableau:label_categories:delete",
    role: administrators,
    handle: deleteCategory,
  },
];

function listValues(call: SessionCall): Reply {
  const wanted = new Set(
    (call.query.get("categories") ?? "")
      .split(",")
      .filter((name) => name !== "")
      .map(categoryOf),
  );
  const all = call.session.site.labels.values.values();
  return listed(
    valueResource,
    all.filter(({ category }) => wanted.size === 0 || wanted.has(category.toLowerCase())),
    call,
  );
}

function showValue(call: SessionCall): Reply | Refusal {
  const found = findValue(call.session.site, call.parameters.name ?? "");
  return found === undefined ? noValue(call) : answer(draw(valueResource, found, call.scene, alone));
}

/** Creates a value or changes it. Tableau's own can be described anew, and are shown as before otherwise. */
function putValue(call: SessionCall): Reply | Refusal {
  const request = read(valueSchema, call.content);
  if (isRefusal(request)) return request;
  const { labels } = call.session.site;
  const { name: written = "", category, description, elevatedDefault } = request.labelValue;
  const name = written.trim();
  if (name === "" || name.length > longestName) return refuse("400003", "A label value must have a name.");
  const found = findValue(call.session.site, name);
  const named = category === undefined ? found?.category : labels.categories.get(categoryOf(category))?.name;
  if (named === undefined) return refuse("404036", `There is no label category '${category}'.`);
  if (found === undefined && labels.values.size >= mostValues) return refuse("400003", `At most ${mostValues} values.`);
  const changed: LabelValue = {
    name: found?.name ?? name,
    category: found?.isBuiltIn ? found.category : named,
    description: description ?? found?.description ?? "",
    isBuiltIn: found?.isBuiltIn ?? false,
    isInternal: found?.isInternal ?? false,
    isElevatedByDefault: elevatedDefault ?? found?.isElevatedByDefault ?? false,
  };
  labels.values.set(name.toLowerCase(), changed);
  return answer(draw(valueResource, changed, call.scene, alone));
}

/** A value goes with the labels that have it. */
function deleteValue(call: SessionCall): Reply | Refusal {
  const { labels } = call.session.site;
  const found = findValue(call.session.site, call.parameters.name ?? "");
  if (found === undefined) return noValue(call);
  if (found.isBuiltIn) return refuse("403004", "Tableau's own label values can't be deleted.");
  labels.values.delete(found.name.toLowerCase());
  for (const label of labels.given.values()) if (label.value === found.name) labels.given.delete(label.id);
  return done;
}

function createCategory(call: SessionCall): Reply | Refusal {
  const request = read(categorySchema, call.content);
  if (isRefusal(request)) return request;
  const { categories: known } = call.session.site.labels;
  const { name: written = "", description = "" } = request.labelCategory;
  const name = written.trim();
  if (name === "" || name.length > longestName) return refuse("400003", "A label category must have a name.");
  if (known.has(name.toLowerCase())) return refuse("409000", `There is already a label category '${name}'.`);
  if (known.size >= mostValues) return refuse("400003", `A site has at most ${mostValues} label categories.`);
  const made: LabelCategory = { name, description };
  known.set(name.toLowerCase(), made);
  return created(draw(categoryResource, made, call.scene, alone));
}

function updateCategory(call: SessionCall): Reply | Refusal {
  const found = categoryInPath(call);
  if (isRefusal(found)) return found;
  const request = read(categorySchema, call.content);
  if (isRefusal(request)) return request;
  found.description = request.labelCategory.description ?? found.description;
  return answer(draw(categoryResource, found, call.scene, alone));
}

/** A category goes with its values and their labels. */
function deleteCategory(call: SessionCall): Reply | Refusal {
  const { labels } = call.session.site;
  const found = categoryInPath(call);
  if (isRefusal(found)) return found;
  const values = labels.values.values().filter(({ category }) => category === found.name);
  if (values.some(({ isBuiltIn }) => isBuiltIn))
    return refuse("403004", "Tableau's own label categories can't be deleted.");
  labels.categories.delete(found.name.toLowerCase());
  for (const [key, { category }] of labels.values) if (category === found.name) labels.values.delete(key);
  for (const [id, { category }] of labels.given) if (category === found.name) labels.given.delete(id);
  return done;
}

function categoryInPath(call: SessionCall): LabelCategory | Refusal {
  const name = call.parameters.name ?? "";
  const found = call.session.site.labels.categories.get(name.toLowerCase());
  return found ?? refuse("404036", `There is no label category '${name}'.`);
}

function noValue({ parameters }: SessionCall): Refusal {
  return refuse("404036", `There is no label value '${parameters.name}'.`);
}

function listed<Item>(resource: Resource<Item>, items: Iterable<Item>, { scene }: SessionCall): Reply {
  const drawItem = drawing(resource, inLists);
  return answer(
    list(
      resource.plural,
      resource.element,
      Array.from(items, (item) => drawItem(item, scene)),
    ),
  );
}
