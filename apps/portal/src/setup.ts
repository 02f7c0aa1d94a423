import type { TrustOrderBody } from "@easel/api/organisations";
import type { PortalEvent } from "./reducer.ts";
import type { SetupForm, SetupWay } from "./state.ts";

export interface SetupField {
  readonly id: "clientId" | "secretId" | "secretValue" | "tokenName" | "tokenSecret";
  readonly secret: boolean;
}

const app: readonly SetupField[] = [
  { id: "clientId", secret: false },
  { id: "secretId", secret: false },
  { id: "secretValue", secret: true },
];
const token: readonly SetupField[] = [
  { id: "tokenName", secret: false },
  { id: "tokenSecret", secret: true },
];

/** What is typed besides the address, by way; in the order in which Tableau shows it. */
export const setupFields: Readonly<Record<SetupWay, readonly SetupField[]>> = {
  issuer: token,
  keys: app,
  createApp: token,
};

/** The way without a secret comes first. */
export const setupWays: readonly SetupWay[] = ["issuer", "keys", "createApp"];

export const blankSetup: SetupForm = { way: "issuer", values: {}, missing: [], step: { kind: "typing" } };

/** The form while somebody fills it in. What does not fit it changes nothing, and nothing does while it is sent. */
export function reduceSetup(form: SetupForm, event: PortalEvent): SetupForm {
  if (form.step.kind === "working") {
    return event.kind === "setupRefused" ? { ...form, step: { kind: "refused", fault: event.fault } } : form;
  }
  switch (event.kind) {
    case "wayChosen":
      return { ...form, way: event.way, missing: [], step: { kind: "typing" } };
    case "fieldTyped": {
      const missing = form.missing.filter((id) => id !== event.id);
      return { ...form, values: { ...form.values, [event.id]: event.value }, missing };
    }
    case "fieldsMissing":
      return { ...form, missing: event.ids, step: { kind: "typing" } };
    case "setupStarted":
      return { ...form, missing: [], step: { kind: "working" } };
    default:
      return form;
  }
}

export type ReadOrder =
  | { readonly kind: "order"; readonly order: TrustOrderBody }
  | { readonly kind: "missing"; readonly ids: readonly string[] };

/** What is sent, or what is not filled in. Without a token the administrator has registered the issuer themselves. */
export function readOrder({ way, values }: SetupForm): ReadOrder {
  const typed = (id: string): string => (values[id] ?? "").trim();
  const serverUrl = typed("serverUrl");
  const [tokenName, tokenSecret] = [typed("tokenName"), typed("tokenSecret")];
  const isByHand = way === "issuer" && tokenName === "" && tokenSecret === "";
  const needed = ["serverUrl", ...(isByHand ? [] : setupFields[way].map(({ id }) => id))];
  const ids = needed.filter((id) => typed(id) === "");
  if (ids.length > 0) return { kind: "missing", ids };
  if (way === "keys") {
    const [clientId, secretId, secretValue] = [typed("clientId"), typed("secretId"), typed("secretValue")];
    return { kind: "order", order: { way, serverUrl, clientId, secretId, secretValue } };
  }
  if (isByHand) return { kind: "order", order: { way: "issuer", serverUrl } };
  const byToken = way === "createApp" ? "createApp" : "registerIssuer";
  return { kind: "order", order: { way: byToken, serverUrl, tokenName, tokenSecret } };
}
