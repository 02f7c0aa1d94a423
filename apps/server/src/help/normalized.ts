import { easelError } from "../http/errors.ts";
import { passOn } from "../proxy/answer.ts";
import { readBody } from "../proxy/body.ts";
import { type Helped, type HelpParts, passOnError, readWhole, reserveRoom, send, textOf } from "./exchanges.ts";
import { holdsJson, sendJson } from "./json-answer.ts";

/** Makes the caller's call, and answers with arrays always, and numbers and booleans typed. */
export async function sendNormalized(parts: HelpParts, helped: Helped): Promise<void> {
  const { call } = helped;
  const { route } = call;
  if (route.ownMediaType) {
    throw easelError("help_impossible", { reason: "this call answers with a file, and only JSON can be normalised" });
  }
  const request = { route, body: await readBody(call.request), accept: "application/json" };
  reserveRoom(helped);
  const answer = await send(parts, helped, request);
  if (answer.statusCode >= 400) return passOnError(parts, call, answer);
  if (!holdsJson(answer) || !parts.connector.help.normalizes(route)) return passOn(call, answer);
  const read = await readWhole(parts, helped, answer);
  sendJson(call, read, textOf(parts, helped, { answer: read, normalize: true }));
}
