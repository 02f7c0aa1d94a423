import type { Link } from "./actions.ts";
import type { Drafts } from "./drafts.ts";
import { type Answer, localFault, ok, refused } from "./fault.ts";
import type { Caller, HostedContext, PortalApi } from "./portal-api.ts";
import type { Store } from "./store.ts";
import type { Strings } from "./strings.ts";

export interface HostedOptions {
  code: string;
  api: PortalApi;
  store: Store;
  strings: Strings;
  drafts: Drafts;
  closeWindow: () => void;
}

/** The code in the address of the hosted form, `/ui/hosted/<code>`; null elsewhere. */
export function hostedCode(pathname: string): string | null {
  const match = /\/ui\/hosted\/([^/]+)\/?$/.exec(pathname);
  return match?.[1] ? decodeURIComponent(match[1]) : null;
}

/**
 * The form in a window of its own, for products that draw their own portal. A one-time code stands for the person.
 * `reload` loads it the first time, too.
 */
export function createHosted({ code, api, store, strings, drafts, closeWindow }: HostedOptions): Link {
  const caller: Caller = { kind: "hosted", code };
  let hosted: HostedContext | null = null;

  async function load(): Promise<void> {
    store.dispatch({ kind: "loading" });
    const answer = await api.hostedContext(code);
    if (answer.kind === "refused") return store.dispatch({ kind: "loadFailed", fault: answer.fault });
    hosted = answer.value;
    const { context, person } = answer.value;
    store.dispatch({
      kind: "opened",
      session: { context, person: person ?? null, remembered: drafts.read(code), installOnly: true },
      credentialId: null,
    });
  }

  const notLoaded = () => Promise.resolve(refused<never>(localFault("unsettled", strings.faults.unsettled)));
  /** What is set up for everyone changes what this person is told. */
  async function changing(change: (projectId: string) => Promise<Answer<null>>): Promise<Answer<null>> {
    if (!hosted) return notLoaded();
    const answer = await change(hosted.projectId);
    if (answer.kind === "refused") return answer;
    const fresh = await api.context(caller, hosted.projectId);
    if (fresh.kind === "ok") hosted = { ...hosted, context: fresh.value };
    return answer;
  }

  return {
    // After a sign-in the code is spent: there is nothing newer to be had.
    context: () => (hosted ? Promise.resolve(ok(hosted.context)) : notLoaded()),
    async probe(address) {
      if (!hosted) return notLoaded();
      const answer = await api.probe(caller, hosted.projectId, address);
      if (answer.kind === "ok") drafts.keep(code, address);
      return answer;
    },
    connect: (payload) =>
      hosted ? api.connect(caller, hosted.projectId, { integrationId: hosted.integrationId, payload }) : notLoaded(),
    disconnect: null,
    setTrust: (order) => changing((projectId) => api.setTrust(caller, projectId, order)),
    removeTrust: () => changing((projectId) => api.removeTrust(caller, projectId)),
    reload: () => void load(),
    close: closeWindow,
  };
}
