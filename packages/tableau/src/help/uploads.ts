import type { UploadForm, UploadKind, UploadPart, UploadRequest } from "@easel/connector/help";
import { z } from "zod";
import { withParameters } from "./query.ts";
import { formReader } from "./upload-form.ts";

/**
 * Of one part of an upload, bytes. Tableau takes 64 MB and 1,000 parts (REST reference, "Append to File Upload"): this
 * is 32 GB, and little to send again where a part fails.
 */
const partLimit = 32 * 1024 * 1024;

const uploadAnswer = z.object({ fileUpload: z.object({ uploadSessionId: z.string().min(1) }) });

/** What can be uploaded in parts and published (reference §5). */
export const uploads: ReadonlyMap<string, UploadKind> = new Map([
  [
    "workbook",
    uploadKind({
      path: "/workbooks",
      typeParameter: "workbookType",
      fileTypes: ["twb", "twbx"],
      form: {
        element: "workbook",
        attributes: ["description", "thumbnailsUserId"],
        flags: ["showTabs"],
        parameters: ["overwrite", "skipConnectionCheck"],
        hasViews: true,
        hasJobs: true,
      },
    }),
  ],
  [
    "datasource",
    uploadKind({
      path: "/datasources",
      typeParameter: "datasourceType",
      fileTypes: ["tds", "tdsx", "hyper", "tde", "parquet"],
      form: {
        element: "datasource",
        attributes: ["description"],
        flags: ["useRemoteQueryAgent"],
        parameters: ["overwrite", "append"],
        hasViews: false,
        hasJobs: true,
      },
    }),
  ],
  [
    "flow",
    uploadKind({
      path: "/flows",
      typeParameter: "flowType",
      fileTypes: ["tfl", "tflx"],
      form: {
        element: "flow",
        attributes: ["description"],
        flags: [],
        parameters: ["overwrite"],
        hasViews: false,
        // "Publish Flow" has no asJob (REST reference).
        hasJobs: false,
      },
    }),
  ],
]);

function uploadKind(kind: {
  path: string;
  typeParameter: string;
  fileTypes: readonly string[];
  form: Parameters<typeof formReader>[0];
}): UploadKind {
  const { path, typeParameter, fileTypes } = kind;
  return {
    fileTypes,
    partLimit,
    begin: { method: "POST", path: "/fileUploads", contentType: null, body: null },
    begun: (body) => {
      const answer = uploadAnswer.safeParse(body);
      return answer.success ? answer.data.fileUpload.uploadSessionId : null;
    },
    append,
    finish: (upload, form, boundary) => finish({ path, typeParameter }, { upload, form, boundary }),
    readForm: formReader(kind.form, fileTypes),
    publishes: { method: "POST", path },
  };
}

/** `7720:170fe6b1-1:0`: the colons stand in the path as they are, as Tableau's own clients write them. */
function append(upload: string, boundary: string): UploadPart {
  return {
    method: "PUT",
    path: `/fileUploads/${encodeURIComponent(upload).replaceAll("%3A", ":")}`,
    contentType: multipart(boundary),
    before: `${payloadPart(boundary, "")}--${boundary}\r\nContent-Disposition: name="tableau_file"; filename="file"\r\nContent-Type: application/octet-stream\r\n\r\n`,
    after: `\r\n--${boundary}--\r\n`,
  };
}

function finish(
  { path, typeParameter }: { path: string; typeParameter: string },
  { upload, form, boundary }: { upload: string; form: UploadForm; boundary: string },
): UploadRequest {
  const parameters = { uploadSessionId: upload, [typeParameter]: form.fileType, ...form.parameters };
  return {
    method: "POST",
    path: withParameters(path, form.asJob ? { ...parameters, asJob: "true" } : parameters),
    contentType: multipart(boundary),
    body: `${payloadPart(boundary, form.payload)}--${boundary}--\r\n`,
  };
}

function multipart(boundary: string): string {
  return `multipart/mixed; boundary=${boundary}`;
}

function payloadPart(boundary: string, payload: string): string {
  return `--${boundary}\r\nContent-Disposition: name="request_payload"\r\nContent-Type: text/xml\r\n\r\n${payload}\r\n`;
}
