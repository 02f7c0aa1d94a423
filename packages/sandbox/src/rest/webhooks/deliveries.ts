import { randomUUID } from "node:crypto";
import { isoSeconds } from "../../query/description.ts";
import type { EventName, SiteEvent } from "../../site/events.ts";
import type { Webhook } from "./model.ts";
import { type Answer, post } from "./post.ts";

/** One try: when, and how it went. */
export type Attempt = { at: number; status: number | undefined; problem: string | undefined };

/** What is or was sent to one webhook. `dropped`: it was disabled or deleted meanwhile, or too much was waiting. */
export type Delivery = {
  id: string;
  webhook: Webhook;
  event: EventName;
  payload: string;
  state: "waiting" | "delivered" | "failed" | "dropped";
  attempts: Attempt[];
  /** When the next try is due, by the sandbox's clock. */
  nextAt: number;
};

export type DeliveryOptions = {
  clock: () => number;
  /** Between one try and the next, in ms; there is one more try than gaps. */
  gapsMs: readonly number[];
  /** How long a receiver may take. */
  timeoutMs: number;
  /** Whether everything is sent twice, see control/faults.ts. */
  isDuplicated: () => boolean;
};

/** inferred: how long; Tableau's guide says only that there are three more tries with growing gaps. */
export const usualGapsMs: readonly number[] = [10_000, 60_000, 600_000];
export const usualTimeoutMs = 10_000;

/** Deliveries that may wait; what comes on top is dropped. */
const mostWaiting = 1_000;
/** Tries that are under way at once. */
const mostAtOnce = 8;
/** Deliveries that are remembered, oldest out. */
const mostRemembered = 500;
/** How often due tries are looked for, in ms: the sandbox's clock may be moved, so their time can't be waited for. */
const longestWait = 500;

/** The webhooks' mail room of one sandbox. */
export type Deliveries = ReturnType<typeof openDeliveries>;

/**
 * Sends what happens on sites to their webhooks: one try and then, while a receiver does not answer with a 2xx, three
 * more; after the last the webhook is disabled (Tableau webhooks guide, "Webhooks behavior").
 */
export function openDeliveries({ clock, gapsMs, timeoutMs, isDuplicated }: DeliveryOptions) {
  const waiting = new Set<Delivery>();
  const remembered: Delivery[] = [];
  const closing = new AbortController();
  let underWay = 0;
  let timer: NodeJS.Timeout | undefined;

  function send(webhook: Webhook, event: SiteEvent): void {
    const now = clock();
    const state = waiting.size < mostWaiting ? "waiting" : "dropped";
    const payload = payloadOf(event);
    const delivery: Delivery = {
      id: randomUUID(),
      webhook,
      event: event.name,
      payload,
      state,
      attempts: [],
      nextAt: now,
    };
    remembered.push(delivery);
    if (remembered.length > mostRemembered) remembered.shift();
    if (state === "waiting") waiting.add(delivery);
  }

  /** Begins what is due, as far as there is room, and comes back for the rest. */
  function proceed(): void {
    clearTimeout(timer);
    if (closing.signal.aborted) return;
    const now = clock();
    for (const delivery of waiting) {
      if (underWay >= mostAtOnce) return; // it goes on when one of them has ended
      if (delivery.nextAt <= now) begin(delivery);
    }
    if (waiting.size === 0) return;
    const next = waiting.values().reduce((first, { nextAt }) => Math.min(first, nextAt), Number.POSITIVE_INFINITY);
    timer = setTimeout(proceed, Math.min(Math.max(next - now, 1), longestWait));
    timer.unref();
  }

  function begin(delivery: Delivery): void {
    waiting.delete(delivery);
    if (!delivery.webhook.isEnabled) {
      delivery.state = "dropped";
      return;
    }
    underWay++;
    post(delivery.webhook.url, delivery.payload, deadline()).then((answer) => {
      underWay--;
      if (closing.signal.aborted) return; // broken off here, which says nothing of the receiver
      conclude(delivery, answer);
      proceed();
    });
  }

  function conclude(delivery: Delivery, answer: Answer): void {
    const { webhook, attempts } = delivery;
    const now = clock();
    attempts.push(attemptOf(answer, now));
    const gap = gapsMs[attempts.length - 1];
    if (isSuccess(answer)) {
      delivery.state = "delivered";
    } else if (gap !== undefined) {
      delivery.nextAt = now + gap;
      waiting.add(delivery);
    } else {
      delivery.state = "failed";
      disable(webhook, attempts.length, now);
    }
  }

  const deadline = (): AbortSignal => AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]);

  return {
    /** Takes an event to every webhook that waits for it. Sends nothing itself, so that it does not wait. */
    take(event: SiteEvent): void {
      for (const webhook of event.site.webhooks.values()) {
        if (webhook.event !== event.name || !webhook.isEnabled) continue;
        send(webhook, event);
        if (isDuplicated()) send(webhook, event);
      }
      proceed();
    },
    /** What is and was sent lately, oldest first. */
    recent: (): readonly Delivery[] => remembered,
    /** Sends an empty payload, once, whether or not the webhook is enabled. */
    test: (webhook: Webhook): Promise<Answer> => post(webhook.url, "", deadline()),
    /** Breaks off what is under way and sends nothing more. */
    close(): void {
      closing.abort();
      clearTimeout(timer);
      waiting.clear();
    },
  };
}

/** The same for every webhook that the event goes to, so that duplicates are the same byte by byte. */
function payloadOf({ resource, name, item, site, at }: SiteEvent): string {
  return JSON.stringify({
    resource,
    event_type: name,
    resource_name: item.name,
    site_luid: site.id,
    resource_luid: item.id,
    created_at: isoSeconds(at),
  });
}

function isSuccess(answer: Answer): boolean {
  return answer.kind === "answered" && answer.status >= 200 && answer.status < 300;
}

function attemptOf(answer: Answer, at: number): Attempt {
  return answer.kind === "answered"
    ? { at, status: answer.status, problem: undefined }
    : { at, status: undefined, problem: answer.problem };
}

function disable(webhook: Webhook, tries: number, now: number): void {
  webhook.isEnabled = false;
  webhook.statusChangeReason = `Webhook disabled after ${tries} failed deliveries`; // inferred: the words
  webhook.updatedAt = now;
}
