import type { IncomingHttpHeaders } from "node:http";
import { type Asked, type Help, isAsked, readAsked } from "./asked.ts";
import type { Helped, HelpParts } from "./exchanges.ts";
import { sendFinishedJob } from "./jobs.ts";
import { sendNormalized } from "./normalized.ts";
import { sendPages } from "./pages.ts";
import { sendUpload } from "./upload.ts";

/** Help with a call, for those who ask for it: pages, types, jobs, uploads. */
export interface HelpDesk {
  /** What is asked for beside a call. Throws what makes no sense; costs nothing where nothing is asked for. */
  read(method: string, path: string, headers: IncomingHttpHeaders): Asked;
  /** Answers the call in the way that was asked for. Throws before anything was answered, or cuts the answer short. */
  give(helped: Helped, help: Help): Promise<void>;
}

export function createHelpDesk(parts: HelpParts): HelpDesk {
  return {
    read: (method, path, headers) =>
      isAsked(headers, path) ? readAsked(parts.connector, { method, path, headers }) : { method, path, help: null },
    give: (helped, help) => {
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
    },
  };
}
