import * as z from "zod";
import { type JsonCall, type JsonReply, type JsonRoute, json, noContent } from "../api/route.ts";
import { isRefusal, type Refusal, refuse } from "../wire/refusals.ts";
import { read } from "../wire/request-schema.ts";
import type { IdentityStore } from "./model.ts";
import { add, identityRoute, isoTime } from "./route.ts";

const name = z.string().trim().min(1).max(200);

// A store that is made is local: its type is 0.
const storeSchema = z.object({
  type: z.union([z.literal("0"), z.literal(0)]).optional(),
  name,
  display_name: name.optional(),
});

/** Where people who may sign in are kept. */
export const storeRoutes: readonly JsonRoute[] = [
  identityRoute("GET", "/identity-stores", ({ world }) => json({ instances: world.identityPools.stores.map(write) })),
  identityRoute("POST", "/identity-stores", create),
  identityRoute("DELETE", "/identity-stores/{storeId}", remove),
];

function create({ world, content, scene }: JsonCall): JsonReply | Refusal {
  const request = read(storeSchema, content);
  if (isRefusal(request)) return request;
  const { identityPools } = world;
  if (identityPools.stores.some((store) => store.name === request.name)) {
    return refuse("400003", `There is an identity store '${request.name}' already.`);
  }
  const store: IdentityStore = {
    id: identityPools.nextNumber,
    name: request.name,
    displayName: request.display_name ?? request.name,
    createdAt: scene.now,
    updatedAt: scene.now,
  };
  const refusal = add(identityPools.stores, store);
  if (refusal !== undefined) return refusal;
  identityPools.nextNumber += 1;
  return json({ store_instance: write(store) }, 201);
}

function remove({ world, parameters: { storeId = "" } }: JsonCall): JsonReply | Refusal {
  const { stores, pools } = world.identityPools;
  const index = stores.findIndex(({ id }) => String(id) === storeId);
  if (index < 0) return refuse("404003", `There is no identity store '${storeId}'.`);
  if (index === 0) return refuse("400003", "The identity store that the server was set up with can't be deleted.");
  if (pools.some((pool) => pool.storeId === stores[index]?.id)) {
    return refuse("400003", "The identity store is used by an identity pool."); // inferred
  }
  stores.splice(index, 1);
  return noContent;
}

function write({ id, name, displayName, createdAt, updatedAt }: IdentityStore) {
  const times = { created_at: isoTime(createdAt), updated_at: isoTime(updatedAt) };
  return { id, type: "LOCAL", name, display_name: displayName, ...times };
}
