import * as z from "zod";
import { type JsonCall, type JsonReply, type JsonRoute, json, noContent } from "../api/route.ts";
import { isRefusal, type Refusal, refuse } from "../wire/refusals.ts";
import { flag, read } from "../wire/request-schema.ts";
import type { AuthConfiguration } from "./model.ts";
import { add, identityRoute, isoTime } from "./route.ts";

const word = z.string().max(2_000);
const seconds = z.coerce.number().int().min(0).max(86_400);

const configurationSchema = z.object({
  auth_type: z.literal("OIDC"),
  iframed_idp_enabled: flag.default(false),
  oidc: z.object({
    client_id: word.min(1),
    client_secret: word.min(1),
    config_url: word.min(1),
    custom_scope: word.optional(),
    id_claim: word.default("sub"),
    username_claim: word.default("email"),
    client_authentication: word.default("client_secret_basic"),
    essential_acr_values: word.optional(),
    voluntary_acr_values: word.optional(),
    prompt: word.optional(),
    connection_timeout: seconds.optional(),
    read_timeout: seconds.optional(),
    ignore_domain: flag.default(false),
    ignore_jwk: flag.default(false),
  }),
});

/** Identity providers that people sign in with. */
export const configurationRoutes: readonly JsonRoute[] = [
  identityRoute("GET", "/auth-configurations", ({ world }) =>
    json({ instances: world.identityPools.configurations.map(write) }),
  ),
  identityRoute("POST", "/auth-configurations", create),
  identityRoute("PUT", "/auth-configurations/{configurationId}", update),
  identityRoute("DELETE", "/auth-configurations/{configurationId}", remove),
];

function create({ world, content, scene }: JsonCall): JsonReply | Refusal {
  const request = read(configurationSchema, content);
  if (isRefusal(request)) return request;
  const { identityPools } = world;
  const configuration = { id: identityPools.nextNumber, createdAt: scene.now, ...written(request, scene.now) };
  const refusal = add(identityPools.configurations, configuration);
  if (refusal !== undefined) return refusal;
  identityPools.nextNumber += 1;
  return json({ auth_configuration: write(configuration) }, 201);
}

/** A request says everything, also what stays as it is. */
function update(call: JsonCall): JsonReply | Refusal {
  const configuration = find(call);
  if (isRefusal(configuration)) return configuration;
  const request = read(configurationSchema, call.content);
  if (isRefusal(request)) return request;
  Object.assign(configuration, written(request, call.scene.now));
  return json({ auth_configuration: write(configuration) });
}

function remove(call: JsonCall): JsonReply | Refusal {
  const configuration = find(call);
  if (isRefusal(configuration)) return configuration;
  const { configurations, pools } = call.world.identityPools;
  if (pools.some(({ configurationId }) => configurationId === configuration.id)) {
    return refuse("400003", "The authentication configuration is used by an identity pool."); // inferred
  }
  configurations.splice(configurations.indexOf(configuration), 1);
  return noContent;
}

function find({ world, parameters: { configurationId = "" } }: JsonCall): AuthConfiguration | Refusal {
  const found = world.identityPools.configurations.find(({ id }) => String(id) === configurationId);
  return found ?? refuse("404003", `There is no authentication configuration '${configurationId}'.`);
}

function written(request: z.output<typeof configurationSchema>, now: number) {
  const { client_secret: _, ...oidc } = request.oidc;
  const given = Object.entries(oidc).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return { isInFrame: request.iframed_idp_enabled, oidc: Object.fromEntries(given), updatedAt: now };
}

function write({ id, isInFrame, oidc, createdAt, updatedAt }: AuthConfiguration) {
  const times = { created_at: isoTime(createdAt), updated_at: isoTime(updatedAt) };
  return { id, ...times, auth_type: "OIDC", iframed_idp_enabled: isInFrame, oidc };
}
