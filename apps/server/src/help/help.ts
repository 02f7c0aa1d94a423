import type { IncomingHttpHeaders } from "node:http";
import { type Asked, type Help, isAsked, readAsked } from "./asked.ts";
import type { Helped, HelpParts } from "./exchanges.ts";
import { sendFinishedJob } from "./jobs.ts";
import { sendNormalized } from "./normalized.ts";
import { sendPages } from "./pages.ts";
import { createRoom } from "./room.ts";
import { sendUpload } from "./upload.ts";

/** Help with a call, for those who ask for it: pages, types, jobs, uploads. */
export interface HelpDesk {
  /** What is asked for beside a call. Throws what makes no sense; costs nothing where nothing is asked for. */
  read(method: string, path: string, headers: IncomingHttpHeaders): Asked;
  /** Answers the call in the way that was asked for. Throws before anything was answered, or cuts the answer short. */
  give(helped: Omit<Helped, "holding">, help: Help): Promise<void>;
}

export function createHelpDesk(parts: HelpParts): HelpDesk {
  const room = createRoom();
  return {
    read: (method, path, headers) =>
      isAsked(headers, path) ? readAsked(parts.connector, { method, path, headers }) : { method, path, help: null },
    give: async (asked, help) => {
      const { response, use } = asked.call;
      const holding = room.open(use.project.id);
      // An answer is held until its caller has read it, or went away.
      response.once("close", holding.clear);
      try {
        await answer(parts, { ...asked, holding }, help);
      } finally {
        if (response.closed) holding.clear();
      }
    },
  };
}

function answer(parts: HelpParts, helped: Helped, help: Help): Promise<void> {
  switch (help.kind) {
    case "pages":
      return sendPages(parts, helped, help);
    case "normalized":
      return sendNormalized(parts, helped);
    case "job":
      return sendFinishedJob(parts, helped, help);
    case "upload":
      return sendUpload(parts, helped, help);
  }
}
