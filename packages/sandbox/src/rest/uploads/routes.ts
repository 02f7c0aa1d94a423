import { record } from "../../wire/element.ts";
import { refuse } from "../../wire/refusals.ts";
import { answer, created } from "../../wire/reply.ts";
import type { Route } from "../route.ts";

const megabyte = 1024 * 1024;

export const uploadRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/fileUploads",
    body: "none",
    jwt: "tableau:file_uploads:create",
    role: "explorer",
    handle: ({ world }) => created(record("fileUpload", { uploadSessionId: world.uploads.begin() })),
  },
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/fileUploads/{uploadSessionId}",
    body: "stream",
    jwt: "tableau:file_uploads:create",
    role: "explorer",
    async handle({ world, stream, parameters }) {
      const uploadSessionId = parameters.uploadSessionId ?? "";
      const total = await world.uploads.append(uploadSessionId, stream);
      if (total === "no such session") return refuse("404026", `There is no upload session '${uploadSessionId}'.`);
      if (total === "cut off") return refuse("400000", "The part ended before it was complete.");
      // All parts so far, in MB. The whole body counts, the multipart boundaries too; inferred: the rounding.
      return answer(record("fileUpload", { uploadSessionId, fileSize: String(Math.round(total / megabyte)) }));
    },
  },
];
