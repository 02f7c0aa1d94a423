import { isIP } from "node:net";
import { isLoopbackHost } from "../config.ts";

/**
 * The names under which this instance may be called. Checked against every Host header, so that a foreign name that was
 * pointed at a local address (DNS rebinding) reaches nothing.
 */
export function ownHosts(config: { host: string; publicUrl: string | null }): (hostname: string) => boolean {
  const publicHost = config.publicUrl === null ? null : new URL(config.publicUrl).hostname;
  const isOpen = !isLoopbackHost(config.host);
  return (hostname) => {
    const name = hostname.toLowerCase();
    if (isLoopbackHost(name) || name === publicHost || name === config.host) return true;
    // Bound to the network: an address cannot be rebound, a name can.
    return isOpen && isIP(name.replace(/^\[|\]$/g, "")) !== 0;
  };
}
