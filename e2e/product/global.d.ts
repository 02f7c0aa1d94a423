import type { paragon } from "@useparagon/connect";

declare global {
  interface Window {
    /** The configured SDK, on the demo's pages and on the product's. */
    paragon: typeof paragon;
  }
}
