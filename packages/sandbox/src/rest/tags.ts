import type { Scope } from "../auth/scopes.ts";
import { type Element, list, record } from "../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../wire/refusals.ts";
import { answer, done, type Reply } from "../wire/reply.ts";
import { attribute, element, read, repeated } from "../wire/request-schema.ts";
import { type Collection, find } from "./reading.ts";
import type { Route, SessionCall } from "./route.ts";

/** Tags in one request, and on one item. */
const mostTags = 200;
const longestTag = 255;

/** What may carry tags. */
export type Tagged = { tags: string[] };

export function tagsElement(tags: readonly string[]): Element {
  return list(
    "tags",
    "tag",
    tags.map((label) => record("tag", { label })),
  );
}

export const tagsSchema = element({ tags: element({ tag: repeated(element({ label: attribute }), mostTags) }) });

/**
 * `PUT` and `DELETE` of the tags of one kind of content. `resource` is what the scopes call it, e.g. `workbook` in
 * `tableau:workbook_tags:update`.
 */
export function tagRoutes<Item extends Tagged>(collection: Collection<Item>, resource: string): readonly Route[] {
  const scope = (action: string): Scope => `tableau:${resource}_tags:${action}`;
  return [
    {
      kind: "session",
      method: "PUT",
      template: `/sites/{siteId}/${collection.path}/{id}/tags`,
      body: "tsRequest",
      jwt: scope("update"),
      role: "explorer",
      handle: (call) => addTags(collection, call),
    },
    {
      kind: "session",
      method: "DELETE",
      template: `/sites/{siteId}/${collection.path}/{id}/tags/{tag}`,
      body: "none",
      jwt: scope("delete"),
      role: "explorer",
      handle: (call) => removeTag(collection, call),
    },
  ];
}

/** Answers with all of the item's tags, as public clients expect who take them for its new ones. */
function addTags<Item extends Tagged>(collection: Collection<Item>, call: SessionCall): Reply | Refusal {
  const item = find(collection, call);
  if (isRefusal(item)) return item;
  const request = read(tagsSchema, call.content);
  if (isRefusal(request)) return request;
  const refusal = tag(item, labelsIn(request));
  return refusal ?? answer(tagsElement(item.tags));
}

/** The tags that a request names. */
export function labelsIn({ tags }: { tags: { tag: { label: string }[] } }): string[] {
  return tags.tag.map(({ label }) => label.trim()).filter((label) => label !== "");
}

/** Adds tags that an item does not have yet; tags are the same in any letter case (inferred). */
export function tag(item: Tagged, labels: readonly string[]): Refusal | undefined {
  const tags = [...item.tags];
  for (const label of labels) {
    if (label.length > longestTag) return refuse("400049", `A tag has at most ${longestTag} characters.`); // inferred
    if (!tags.some((known) => known.toLowerCase() === label.toLowerCase())) tags.push(label);
  }
  if (tags.length > mostTags) return refuse("400049", `There can be at most ${mostTags} tags.`); // inferred
  item.tags = tags;
  return undefined;
}

function removeTag<Item extends Tagged>(collection: Collection<Item>, call: SessionCall): Reply | Refusal {
  const item = find(collection, call);
  if (isRefusal(item)) return item;
  const label = call.parameters.tag?.toLowerCase();
  const tags = item.tags.filter((known) => known.toLowerCase() !== label);
  if (tags.length === item.tags.length) return refuse("404007", `There is no tag '${call.parameters.tag}' here.`);
  item.tags = tags;
  return done;
}
