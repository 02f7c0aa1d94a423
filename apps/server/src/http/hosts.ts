import { isIP } from "node:net";
import type { FastifyRequest } from "fastify";
import { isLoopbackHost } from "../config.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Where the caller's links to Easel lead: `EASEL_PUBLIC_URL`, else the address that this request was sent to. */
    readonly ownOrigin: string;
  }
}

/** The names under which this instance answers, and the origin that its own pages have. */
export interface OwnAddress {
  /** May this instance be called by this name? From the Host header, without its port. */
  isHost(hostname: string): boolean;
  originFor(request: Pick<FastifyRequest, "protocol" | "host">): string;
}

/**
 * The name is checked against every Host header, so that a foreign name that was pointed at a local address (DNS
 * rebinding) reaches nothing.
 */
export function ownAddress(config: { host: string; publicUrl: string | null }): OwnAddress {
  const publicHost = config.publicUrl === null ? null : new URL(config.publicUrl).hostname;
  const isOpen = !isLoopbackHost(config.host);
  return {
    isHost: (hostname) => {
      const name = hostname.toLowerCase();
      if (isLoopbackHost(name) || name === publicHost || name === config.host.toLowerCase()) return true;
      // Bound to the network: an address cannot be rebound, a name can.
      return isOpen && isIP(name.replace(/^\[|\]$/g, "")) !== 0;
    },
    originFor: (request) => config.publicUrl ?? `${request.protocol}://${request.host}`,
  };
}
