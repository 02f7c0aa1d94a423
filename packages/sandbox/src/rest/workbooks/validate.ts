import { inspectWorkbook } from "../../files/inspect.ts";
import { isoSeconds } from "../../query/description.ts";
import { record, repeated, text } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { discard, readPublishRequest } from "../publishing/request.ts";
import { mayPublish } from "../publishing/rights.ts";
import type { SessionCall } from "../route.ts";
import { workbookPublishing } from "./publish.ts";

/**
 * `POST S/workbooks/validateWorkbookAndUpload`, as tableau-mcp calls it: a .twb that is right becomes an upload to
 * publish, of one that is not its errors are listed. inferred: everything that tableau-mcp's schema does not say.
 */
export async function validateWorkbook(call: SessionCall): Promise<Reply | Refusal> {
  const { world, session, scene } = call;
  if (!mayPublish(session.user)) return refuse("403007", "Validating a workbook needs a site role that may publish.");
  const request = await readPublishRequest(call, { ...workbookPublishing, types: ["twb"] });
  if (isRefusal(request)) return request;
  const timestamp = text("timestamp", isoSeconds(scene.now));
  const inspected = await inspectWorkbook(world.files, request.file, "twb");
  if (inspected.kind === "fault") {
    await discard(call, request);
    // Where in the file it is wrong is not known.
    const place = { line: 1, column: 1, elementName: "workbook" };
    const error = record("errors", { severity: "error", message: inspected.fault, ...place });
    return answer(timestamp, repeated("errors", [error]), repeated("warnings", [], "array"));
  }
  const upload = request.upload ?? world.uploads.begin(session.site);
  if (request.upload === undefined) await world.uploads.append(upload, request.file, undefined);
  upload.isTaken = false;
  const nothing = [repeated("errors", [], "array"), repeated("warnings", [], "array")];
  return answer(timestamp, text("uploadId", upload.id), ...nothing);
}
