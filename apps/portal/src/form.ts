import type { PortalContext, PortalCredential, PortalMethod } from "@easel/api/portal";
import type { AddressStep, ConnectForm, Target } from "./state.ts";

/** The form as it first appears. An address that is known already is looked up at once, without being asked for. */
export function blankForm(
  context: PortalContext,
  {
    reconnecting = null,
    remembered = null,
  }: { reconnecting?: PortalCredential | null; remembered?: string | null } = {},
): ConnectForm {
  const known = context.fixed ?? reconnecting;
  return {
    reconnecting,
    address: { kind: "typing", text: known ? addressText(known) : (remembered ?? ""), empty: false },
    methodId: reconnecting && canUse(context, reconnecting.method) ? reconnecting.method : null,
    site: context.fixed?.site ?? reconnecting?.site ?? "",
    values: {},
    missing: [],
    fault: null,
    disconnected: false,
  };
}

/** An address as Tableau writes it, e.g. `https://10ax.online.tableau.com/#/site/acme`. */
export function addressText({ serverUrl, site }: { serverUrl: string; site: string | null }): string {
  return site ? `${serverUrl}/#/site/${encodeURIComponent(site)}` : serverUrl;
}

/** A method with nothing to type signs in by the trust, for whom there is one that works. */
export const usesTrust = (method: PortalMethod): boolean => method.fields.length === 0;

function canUse(context: PortalContext, methodId: string): boolean {
  const method = context.methods.find(({ id }) => id === methodId);
  return method !== undefined && (!usesTrust(method) || trustOf(context) !== null);
}

/** The trust that signs this person in; null where there is none, or it cannot be used for them. */
export function trustOf(context: PortalContext): (Target & { username: string | null }) | null {
  const { trust } = context;
  return trust && !trust.problem ? trust : null;
}

/**
 * The methods that are offered now, the best first. A trust needs no address and comes first; which of the others
 * work is known once the address has been looked up (a password never does at Tableau Cloud).
 */
export function offeredMethods(context: PortalContext, address: AddressStep): PortalMethod[] {
  const byTrust = context.methods.filter((method) => usesTrust(method) && trustOf(context) !== null);
  const typed = context.methods.filter((method) => !usesTrust(method));
  if (address.kind !== "found") return [...byTrust, ...typed];
  const { methods } = address.probe;
  const working = typed.filter(({ id }) => methods.includes(id));
  return [...byTrust, ...working.toSorted((a, b) => methods.indexOf(a.id) - methods.indexOf(b.id))];
}

/**
 * What "Other ways to connect" lists. Which typed methods work somewhere is known once the address is; before that it
 * only leads away from the trust, and back to it.
 */
export function otherMethods(context: PortalContext, form: ConnectForm): PortalMethod[] {
  const current = currentMethod(context, form);
  const others = offeredMethods(context, form.address).filter(({ id }) => id !== current?.id);
  if (form.address.kind === "found" || (current && usesTrust(current))) return others;
  return others.filter(usesTrust);
}

/** The method whose form is shown: the chosen one, where it is offered, else the best. */
export function currentMethod(context: PortalContext, form: ConnectForm): PortalMethod | null {
  const offered = offeredMethods(context, form.address);
  return offered.find(({ id }) => id === form.methodId) ?? offered[0] ?? null;
}

/** Does the form need the site to be typed? Only where neither the project nor the address says it. */
export function asksSite(context: PortalContext, address: AddressStep): boolean {
  return address.kind === "found" && address.probe.site === null && typeof context.fixed?.site !== "string";
}

/** Where the form would sign in; null while the address is not known. */
export function targetOf(context: PortalContext, form: ConnectForm): Target | null {
  const method = currentMethod(context, form);
  const trust = trustOf(context);
  if (method && usesTrust(method)) return trust && { serverUrl: trust.serverUrl, site: trust.site };
  if (form.address.kind !== "found") return null;
  const { serverUrl, site } = form.address.probe;
  return { serverUrl, site: context.fixed?.site ?? site ?? form.site.trim() };
}

/** The fields that must be filled and are not. Tableau Cloud has no default site. */
export function missingFields(context: PortalContext, form: ConnectForm): string[] {
  const method = currentMethod(context, form);
  if (!method || usesTrust(method) || form.address.kind !== "found") return [];
  const empty = method.fields.map(({ id }) => id).filter((id) => (form.values[id] ?? "").trim() === "");
  const needsSite =
    asksSite(context, form.address) && form.address.probe.edition === "cloud" && form.site.trim() === "";
  return needsSite ? ["site", ...empty] : empty;
}

/**
 * The field that the refusal of the last sign-in is shown at: the one it is about, where that is on the page. A site that
 * came with the address is mended there. null where it is about no field.
 */
export function faultField(context: PortalContext, form: ConnectForm): string | null {
  const at = form.fault?.at ?? null;
  const method = currentMethod(context, form);
  if (at === null || (method && usesTrust(method))) return null;
  if (at === "site" && asksSite(context, form.address)) return "site";
  if (at === "address" || at === "site") return context.fixed ? null : "address";
  return method?.fields.some(({ id }) => id === at) ? at : null;
}

/** What is sent to sign in: only the fields of the method that is shown. */
export function typedValues(method: PortalMethod, form: ConnectForm): Record<string, string> {
  return Object.fromEntries(
    method.fields.map(({ id, secret }) => [id, secret ? (form.values[id] ?? "") : (form.values[id] ?? "").trim()]),
  );
}

/** The host of an address, as people read it. */
export function hostOf(serverUrl: string): string {
  return URL.canParse(serverUrl) ? new URL(serverUrl).host : serverUrl;
}
