import * as z from "zod";
import type { Edition } from "../../edition.ts";
import type { EventName } from "../../site/events.ts";
import { type Refusal, refuse } from "../../wire/refusals.ts";
import { attribute, element } from "../../wire/request-schema.ts";
import { eventOfSource, isEventName } from "./events.ts";
import { problemWithTarget } from "./target.ts";

/** The element that names an event has nothing in it; its name is what counts. */
const sourceSchema = z.preprocess(
  (value) => (typeof value === "string" ? {} : value),
  z.record(z.string(), z.unknown()),
);

export const webhookSchema = element({
  webhook: element({
    name: attribute.optional(),
    event: attribute.optional(),
    isEnabled: attribute.optional(),
    statusChangeReason: attribute.optional(),
    "webhook-source": sourceSchema.optional(),
    "webhook-destination": element({
      "webhook-destination-http": element({ method: attribute.optional(), url: attribute.optional() }).optional(),
    }).optional(),
  }),
});

export type WebhookRequest = z.output<typeof webhookSchema>["webhook"];

/** The event that a request names in either way; both must agree. Nothing when it names none. */
export function eventAsked(request: WebhookRequest, edition: Edition): EventName | Refusal | undefined {
  const [source] = Object.keys(request["webhook-source"] ?? {});
  const bySource = source === undefined ? undefined : eventOfSource(source);
  if (source !== undefined && bySource === undefined) return unknownEvent(source);
  const { event } = request;
  if (event !== undefined && !isEventName(event)) return unknownEvent(event);
  if (event !== undefined && bySource !== undefined && event !== bySource) {
    return refuse("400003", `The event '${event}' and the webhook-source '${source}' are not the same.`);
  }
  const asked = event ?? bySource;
  // Sites are made, changed and deleted by server administrators only, and Tableau Cloud has none.
  return asked?.startsWith("Site") && edition === "cloud" ? unknownEvent(asked) : asked;
}

/** The address that a request names; nothing when it names none. */
export function urlAsked(request: WebhookRequest): string | Refusal | undefined {
  const destination = request["webhook-destination"]?.["webhook-destination-http"];
  if (destination === undefined) return undefined;
  if (destination.method !== undefined && destination.method.toUpperCase() !== "POST") {
    return refuse("400003", "The destination's method must be POST.");
  }
  const { url } = destination;
  const problem = url === undefined ? "The destination must have a URL." : problemWithTarget(url);
  return problem === undefined ? url : refuse("400003", problem);
}

/** Whether the webhook is to be on and why not, from what it is and what the request says. */
export function statusAsked(
  { isEnabled: written, statusChangeReason: reason }: WebhookRequest,
  current: { isEnabled: boolean; statusChangeReason: string },
): { isEnabled: boolean; statusChangeReason: string } | Refusal {
  const lower = written?.toLowerCase();
  if (lower !== undefined && lower !== "true" && lower !== "false") {
    return refuse("400003", `The value '${written}' of isEnabled is neither true nor false.`);
  }
  const isEnabled = lower === undefined ? current.isEnabled : lower === "true";
  if (isEnabled) {
    if (reason) return refuse("400127", "A webhook that is enabled has no statusChangeReason.");
    return { isEnabled, statusChangeReason: "" };
  }
  const kept = current.isEnabled ? "" : current.statusChangeReason;
  return { isEnabled, statusChangeReason: reason || kept || "Webhook disabled by user" };
}

function unknownEvent(name: string): Refusal {
  return refuse("400003", `There is no webhook event '${name}' here.`);
}
