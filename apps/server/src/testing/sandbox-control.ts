import type { Sandbox } from "@easel/sandbox";

/** The sandbox's switches and counters, as its README describes them. */
export interface SandboxControl {
  order(faults: Record<string, unknown>): Promise<void>;
  /** Sign-ins that worked, of all identities. */
  signIns(): Promise<number>;
  /** Calls of one route, e.g. `GET /sites/{siteId}/projects`. */
  calls(route: string): Promise<number>;
}

export function sandboxControl({ url }: Pick<Sandbox, "url">): SandboxControl {
  const stats = async () =>
    (await (await fetch(`${url}/__sandbox/stats`)).json()) as {
      signIns: Record<string, number>;
      calls: Record<string, number>;
    };
  return {
    order: async (faults) => {
      const response = await fetch(`${url}/__sandbox/faults`, { method: "POST", body: JSON.stringify(faults) });
      if (!response.ok) throw new Error(`The sandbox refused ${JSON.stringify(faults)}: ${await response.text()}`);
    },
    signIns: async () => Object.values((await stats()).signIns).reduce((sum, count) => sum + count, 0),
    calls: async (route) => (await stats()).calls[route] ?? 0,
  };
}
