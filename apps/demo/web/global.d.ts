import type { Paragon } from "./easel/paragon.ts";

declare global {
  interface Window {
    /** The configured SDK, for the console and for browser tests. */
    paragon: Paragon;
    /** What `paragon.authenticate` was last called with; undefined while nobody is signed in. */
    acme: { projectId: string; userToken: string } | undefined;
  }
}
