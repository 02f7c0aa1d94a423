import { type Element, list, record } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import type { Route, SessionCall } from "../route.ts";

/** A directory domain that a Tableau Server knows users of. */
export type Domain = { id: string; name: string; shortName: string };

const shared = { edition: "server", role: "serverAdministrator" } as const;

const updateSchema = element({
  domain: element({ id: attribute.optional(), name: attribute.optional(), shortName: attribute.optional() }),
});

export const domainRoutes: readonly Route[] = [
  {
    kind: "session",
    ...shared,
    method: "GET",
    template: "/domains",
    body: "none",
    jwt: "tableau:domains:read",
    handle: ({ world }) => answer(list("domainList", "domain", Array.from(world.domains.values(), drawn))),
  },
  // Postman's collection names the domain in the path, the reference in the body.
  {
    kind: "session",
    ...shared,
    method: "PUT",
    template: "/domains",
    body: "tsRequest",
    jwt: "tableau:domains:update",
    handle: (call) => update(call, undefined),
  },
  {
    kind: "session",
    ...shared,
    method: "PUT",
    template: "/domains/{domainId}",
    body: "tsRequest",
    jwt: "tableau:domains:update",
    handle: (call) => update(call, call.parameters.domainId),
  },
];

function update({ world, content }: SessionCall, named: string | undefined): Reply | Refusal {
  const request = read(updateSchema, content);
  if (isRefusal(request)) return request;
  const id = named ?? request.domain.id ?? "";
  const domain = world.domains.get(id.toLowerCase());
  if (domain === undefined) return refuse("404040", `There is no domain '${id}'.`);
  const { name = domain.name, shortName = domain.shortName } = request.domain;
  if (name.trim() === "") return refuse("400003", "A domain must have a name.");
  Object.assign(domain, { name, shortName });
  return answer(drawn(domain));
}

function drawn({ id, name, shortName }: Domain): Element {
  return record("domain", { id, name, shortName });
}
