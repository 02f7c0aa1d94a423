import { easelError } from "../http/errors.ts";

/** What is held of the provider's answers, and of forms, in bytes of memory. */
export interface Room {
  /** For one call. What it holds has to be let go of by `clear`. */
  open(projectId: string): Holding;
}

export interface Holding {
  /** Throws `help_busy` where this would be more than the process or the project may hold. */
  add(bytes: number): void;
  /**
   * Holds room ahead, for the answer to a call that must not be made again: nobody is told to come again once it was made.
   * Throws `help_busy` before it is.
   */
  reserve(): void;
  clear(): void;
}

/** Some fifty of the largest pages that Tableau gives, or hundreds of usual ones, each until its caller has read it. */
const IN_ALL = 134_217_728;
/** So that no project's slow callers take the room of all others. */
const OF_A_PROJECT = 67_108_864;
/** Of the answer to a call that changes something: one item, or a job. Some kilobytes. */
const RESERVED = 262_144;

export function createRoom(): Room {
  let inAll = 0;
  const ofProjects = new Map<string, number>();
  const grow = (projectId: string, bytes: number): void => {
    inAll += bytes;
    const held = (ofProjects.get(projectId) ?? 0) + bytes;
    if (held === 0) ofProjects.delete(projectId);
    else ofProjects.set(projectId, held);
  };
  const hasRoom = (projectId: string, bytes: number): boolean =>
    inAll + bytes <= IN_ALL && (ofProjects.get(projectId) ?? 0) + bytes <= OF_A_PROJECT;
  return {
    open: (projectId) => {
      let held = 0;
      let reserved = 0;
      let isMade = false;
      const take = (bytes: number): void => {
        held += bytes;
        grow(projectId, bytes);
      };
      return {
        add: (bytes) => {
          const ahead = Math.min(reserved, bytes);
          if (!hasRoom(projectId, bytes - ahead)) {
            throw isMade
              ? easelError("help_answer_too_large", { limit: "256 KB" })
              : easelError("help_busy", {}, { "retry-after": "1" });
          }
          reserved -= ahead;
          take(bytes - ahead);
        },
        reserve: () => {
          if (!hasRoom(projectId, RESERVED)) throw easelError("help_busy", {}, { "retry-after": "1" });
          isMade = true;
          reserved += RESERVED;
          take(RESERVED);
        },
        clear: () => {
          grow(projectId, -held);
          held = 0;
          reserved = 0;
        },
      };
    },
  };
}

/** Of one answer: more than a project may hold never finds room. */
export const HEAVIEST = OF_A_PROJECT;

/**
 * What a part of a JSON text takes in memory, in bytes: the text, and what is made of it. Measured in Node.js 24: from 12 (of
 * a list of numbers) to 60 (of keys that each stand once) for every sign that begins a list, an object or another value.
 */
export function weightOf(text: Uint8Array): number {
  let signs = 0;
  for (const byte of text) if (byte === COMMA || byte === COLON || byte === BRACKET || byte === BRACE) signs += 1;
  return text.length + signs * 48;
}

const COMMA = 0x2c;
const COLON = 0x3a;
const BRACKET = 0x5b;
const BRACE = 0x7b;
