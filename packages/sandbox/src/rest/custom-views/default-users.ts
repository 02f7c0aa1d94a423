import { draw } from "../../query/description.ts";
import { drawPage } from "../../query/listing.ts";
import { type Element, list, record } from "../../wire/element.ts";
import { errorElement, isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { attribute, element, read, repeated } from "../../wire/request-schema.ts";
import { may } from "../permissions/effective.ts";
import type { Route, SessionCall } from "../route.ts";
import { userResource } from "../users/resource.ts";
import { findOwn } from "./collection.ts";
import { type CustomView, makeDefault } from "./model.ts";

/** Users in one request (Tableau REST reference, "Set Custom View as Default for Users"). */
const mostUsers = 100;

const requestSchema = element({ users: element({ user: repeated(element({ id: attribute }), mostUsers) }) });

const template = "/sites/{siteId}/customviews/{id}/default/users";

/** For whom a workbook opens with a custom view. */
export const defaultUserRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "GET",
    template,
    body: "none",
    jwt: "tableau:content:read", // inferred
    role: "anyone",
    handle: listDefaultUsers,
  },
  {
    kind: "session",
    method: "POST",
    template,
    body: "tsRequest",
    jwt: "tableau:views:update", // inferred
    role: "anyone",
    handle: setDefaultUsers,
  },
];

function listDefaultUsers(call: SessionCall): Reply | Refusal {
  const customView = findOwn(call);
  if (isRefusal(customView)) return customView;
  const elements = drawPage(userResource, customView.defaultFor, call.query, call.scene);
  return isRefusal(elements) ? elements : answer(...elements);
}

/** Each user is answered for: who may not see the view does not open with it. */
function setDefaultUsers(call: SessionCall): Reply | Refusal {
  const customView = findOwn(call);
  if (isRefusal(customView)) return customView;
  const request = read(requestSchema, call.content);
  if (isRefusal(request)) return request;
  const results = request.users.user.map(({ id }) => setDefaultUser(call, customView, id));
  return answer(list("customViewAsUserDefaultResults", "customViewAsUserDefaultViewResult", results));
}

function setDefaultUser({ session: { site }, scene }: SessionCall, customView: CustomView, id: string): Element {
  const user = site.users.get(id.toLowerCase());
  const refusal =
    user === undefined
      ? refuse("404002", `There is no user '${id}'.`)
      : may(user, "Read", customView.view)
        ? undefined
        : refuse("403004", `${user.name} isn't authorized to query '${customView.view.name}'.`);
  if (user !== undefined && refusal === undefined) makeDefault(site, customView, user);
  const drawn = user && draw(userResource, user, scene, { defaults: "none", names: new Set(["id", "name"]) });
  const parts = [drawn, refusal && errorElement(refusal)].filter((part) => part !== undefined);
  return record("customViewAsUserDefaultViewResult", { success: refusal === undefined }, parts);
}
