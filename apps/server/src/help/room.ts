import { easelError } from "../http/errors.ts";

/** What is held of the provider's answers, in bytes of their text; what is made of them takes a few times as much. */
export interface Room {
  /** For one call. What it holds has to be let go of by `clear`. */
  open(projectId: string): Holding;
}

export interface Holding {
  /** Throws `help_busy` where this would be more than the process or the project may hold. */
  add(bytes: number): void;
  clear(): void;
}

/** Some fifty of the largest pages that Tableau gives, or hundreds of usual ones, each until its caller has read it. */
const IN_ALL = 134_217_728;
/** So that no project's slow callers take the room of all others. */
const OF_A_PROJECT = 67_108_864;

export function createRoom(): Room {
  let inAll = 0;
  const ofProjects = new Map<string, number>();
  const grow = (projectId: string, bytes: number): void => {
    inAll += bytes;
    const held = (ofProjects.get(projectId) ?? 0) + bytes;
    if (held === 0) ofProjects.delete(projectId);
    else ofProjects.set(projectId, held);
  };
  return {
    open: (projectId) => {
      let held = 0;
      return {
        add: (bytes) => {
          const isFull = inAll + bytes > IN_ALL || (ofProjects.get(projectId) ?? 0) + bytes > OF_A_PROJECT;
          if (isFull) throw easelError("help_busy", {}, { "retry-after": "1" });
          held += bytes;
          grow(projectId, bytes);
        },
        clear: () => {
          grow(projectId, -held);
          held = 0;
        },
      };
    },
  };
}
