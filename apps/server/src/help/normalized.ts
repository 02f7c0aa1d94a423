import { easelError } from "../http/errors.ts";
import { passOn } from "../proxy/answer.ts";
import { readBody } from "../proxy/body.ts";
import { type Helped, type HelpParts, passOnError, send } from "./exchanges.ts";
import { holdsJson, readJson, sendJson } from "./json-answer.ts";

/** Makes the caller's call, and answers with arrays always, and numbers and booleans typed. */
export async function sendNormalized(parts: HelpParts, helped: Helped): Promise<void> {
  const { call } = helped;
  const { route } = call;
  if (route.ownMediaType) {
    throw easelError("help_impossible", { reason: "this call answers with a file, and only JSON can be normalised" });
  }
  const request = { route, body: await readBody(call.request), accept: "application/json" };
  const answer = await send(parts, helped, request);
  if (answer.statusCode >= 400) return passOnError(parts, call, answer);
  const { help } = parts.connector;
  if (!holdsJson(answer) || !help.normalizes(route)) return passOn(call, answer);
  const read = await readJson(answer, helped.holding);
  sendJson(call, read, JSON.stringify(help.normalize(route, read.value)));
}
