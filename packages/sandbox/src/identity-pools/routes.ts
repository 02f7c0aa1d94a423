import { randomUUID } from "node:crypto";
import * as z from "zod";
import { httpError } from "../api/http-error.ts";
import { type JsonApi, type JsonCall, type JsonReply, type JsonRoute, json, noContent } from "../api/route.ts";
import { isRefusal, type Refusal, refuse } from "../wire/refusals.ts";
import { flag, read } from "../wire/request-schema.ts";
import { configurationRoutes } from "./configuration-routes.ts";
import type { IdentityPool } from "./model.ts";
import { add, identityRoute, isoTime } from "./route.ts";
import { storeRoutes } from "./store-routes.ts";

const name = z.string().trim().min(1).max(200);

const createSchema = z.object({
  name,
  identity_store_instance: z.coerce.number().int(),
  auth_type_instance: z.coerce.number().int(),
  is_enabled: flag.default(true),
  description: z.string().max(2_000).default(""),
});

const updateSchema = z.object({
  name: name.optional(),
  is_enabled: flag.optional(),
  description: z.string().max(2_000).optional(),
});

const poolRoutes: readonly JsonRoute[] = [
  identityRoute("GET", "/identity-pools", ({ world }) => json({ pools: world.identityPools.pools.map(write) })),
  identityRoute("POST", "/identity-pools", create),
  identityRoute("GET", "/identity-pools/{poolId}", show),
  identityRoute("PUT", "/identity-pools/{poolId}", update),
  identityRoute("DELETE", "/identity-pools/{poolId}", remove),
];

/** Tableau REST reference, "Identity Pools Methods"; shapes from Tableau's OpenAPI file. */
export const identityPoolsApi: JsonApi = {
  prefix: "/api/-/authn-service",
  routes: [...poolRoutes, ...storeRoutes, ...configurationRoutes],
  refusal: httpError,
};

function create({ world, content, scene }: JsonCall): JsonReply | Refusal {
  const request = read(createSchema, content);
  if (isRefusal(request)) return request;
  const { stores, configurations, pools } = world.identityPools;
  const { identity_store_instance: storeId, auth_type_instance: configurationId } = request;
  if (!stores.some(({ id }) => id === storeId)) return refuse("400003", `There is no identity store '${storeId}'.`);
  if (!configurations.some(({ id }) => id === configurationId)) {
    return refuse("400003", `There is no authentication configuration '${configurationId}'.`);
  }
  if (isTaken(pools, request.name)) return refuse("400003", `There is an identity pool '${request.name}' already.`);
  const pool: IdentityPool = {
    id: randomUUID(),
    name: request.name,
    description: request.description,
    isEnabled: request.is_enabled,
    storeId,
    configurationId,
    createdAt: scene.now,
    updatedAt: scene.now,
  };
  return add(pools, pool) ?? json({ pool: write(pool) }, 201);
}

function show(call: JsonCall): JsonReply | Refusal {
  const pool = find(call);
  return isRefusal(pool) ? pool : json({ pool: write(pool) });
}

function update(call: JsonCall): JsonReply | Refusal {
  const pool = find(call);
  if (isRefusal(pool)) return pool;
  const request = read(updateSchema, call.content);
  if (isRefusal(request)) return request;
  const others = call.world.identityPools.pools.filter((one) => one !== pool);
  if (request.name !== undefined && isTaken(others, request.name)) {
    return refuse("400003", `There is an identity pool '${request.name}' already.`);
  }
  pool.name = request.name ?? pool.name;
  pool.isEnabled = request.is_enabled ?? pool.isEnabled;
  pool.description = request.description ?? pool.description;
  pool.updatedAt = call.scene.now;
  return json({ pool: write(pool) });
}

function remove(call: JsonCall): JsonReply | Refusal {
  const pool = find(call);
  if (isRefusal(pool)) return pool;
  const { pools } = call.world.identityPools;
  pools.splice(pools.indexOf(pool), 1);
  return noContent;
}

function find({ world, parameters: { poolId = "" } }: JsonCall): IdentityPool | Refusal {
  const found = world.identityPools.pools.find(({ id }) => id === poolId.toLowerCase());
  return found ?? refuse("404003", `There is no identity pool '${poolId}'.`);
}

function isTaken(pools: readonly IdentityPool[], name: string): boolean {
  return pools.some((pool) => pool.name === name);
}

function write(pool: IdentityPool) {
  return {
    identity_pool_id: { value: pool.id },
    identity_pool_name: pool.name,
    identity_store_instance_id: pool.storeId,
    auth_type_instance_id: pool.configurationId,
    is_enabled: pool.isEnabled,
    created_at: isoTime(pool.createdAt),
    updated_at: isoTime(pool.updatedAt),
    description: pool.description,
    identity_store_type: "LOCAL",
    auth_type: "OIDC",
  };
}
