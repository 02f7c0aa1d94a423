import { InvalidArgumentError } from "@commander-js/extra-typings";

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A duration such as `45s`, `10m`, `1h`, `1d`; in seconds. Negative ones make a token that has expired, to try that. */
export function readDuration(text: string): number {
  const [, amount, unit = ""] = /^(-?\d{1,7})([smhd])$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (amount === undefined || factor === undefined)
    throw new InvalidArgumentError("A duration is a number and a unit, e.g. 45s, 10m, 1h.");
  return Number(amount) * factor;
}

/** `key=value`, gathered over repeats. A value that is JSON counts as such, so that `email_verified=true` is a boolean. */
export function readClaim(text: string, before: Record<string, unknown>): Record<string, unknown> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("A claim is given as key=value.");
  return { ...before, [text.slice(0, at)]: readValue(text.slice(at + 1)) };
}

function readValue(text: string): unknown {
  if (!/^(true|false|null|-?\d+(\.\d+)?|[[{].*)$/s.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A TCP port; 0 is for those who take any. */
export function readPort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
  return Number(text);
}

/** What a thing is called: 1 to 100 characters. */
export function readName(text: string): string {
  const name = text.trim();
  if (name === "" || name.length > 100) throw new InvalidArgumentError("A name has 1 to 100 characters.");
  return name;
}

/** The `sub` of a user token. */
export function readUser(text: string): string {
  if (text === "") throw new InvalidArgumentError("A user has an id.");
  return text;
}
