import { type Html, html } from "./html.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago something was (or how far ahead), in words, with the exact time on hover. */
export function ago(at: number | undefined, now: number): Html {
  if (at === undefined) return html`<span class="faint">never</span>`;
  const exact = new Date(at).toISOString();
  return html`<time datetime="${exact}" title="${exact}">${relative(at - now)}</time>`;
}

const relativeTime = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

function relative(ms: number): string {
  const size = Math.abs(ms);
  if (size < 5 * second) return "now";
  if (size < minute) return relativeTime.format(Math.trunc(ms / second), "second");
  if (size < hour) return relativeTime.format(Math.trunc(ms / minute), "minute");
  if (size < day) return relativeTime.format(Math.trunc(ms / hour), "hour");
  return relativeTime.format(Math.trunc(ms / day), "day");
}

const whole = new Intl.NumberFormat("en");

export function count(number: number): string {
  return whole.format(number);
}

/** `1 view`, `12 views`. */
export function counted(number: number, singular: string, plural = `${singular}s`): string {
  return `${count(number)} ${number === 1 ? singular : plural}`;
}

export function duration(ms: number): string {
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < minute) return `${(ms / second).toFixed(1)} s`;
  return `${Math.floor(ms / minute)} min ${Math.round((ms % minute) / second)} s`;
}
