import type { Connector, Explanation, ProviderError } from "@easel/connector";
import { errorText } from "../http/error-body.ts";
import { type Held, readStart } from "./body.ts";
import type { ProxyCall } from "./call.ts";
import { packingOf, unpacked } from "./decoding.ts";
import type { Explanations } from "./explanations.ts";
import type { UpstreamAnswer } from "./upstream-answer.ts";

/** Of an error that Tableau answers, bytes held. */
const ERROR_LIMIT = 65_536;

/** What Tableau says went wrong, or its beginning, unpacked. */
export async function readError({ headers, body }: UpstreamAnswer): Promise<Held> {
  const packing = packingOf(headers["content-encoding"]);
  return readStart(packing.kind === "packed" ? unpacked(body, packing.unpack()) : body, ERROR_LIMIT);
}

/** Answers with Tableau's status and its own words, in the envelope that the SDK reads; a refusal is explained. */
export type SendUpstreamError = (call: ProxyCall, upstream: UpstreamAnswer, held: Held) => Promise<void>;

export function createSendUpstreamError(parts: {
  connector: Connector;
  explanations: Explanations;
}): SendUpstreamError {
  const { connector, explanations } = parts;
  return async (call, { statusCode: status, headers }, held) => {
    const { error } = connector.classify(status, headers, held.bytes.toString());
    const explanation = await explanations.explain(call.use, call.route, { status, error });
    if (call.sayDenied !== undefined) call.sayDenied({ headers, body: held, error, explanation });
    else answer(call, { status, headers, error, explanation, held });
  };
}

interface Refusal extends Pick<UpstreamAnswer, "headers"> {
  readonly status: number;
  readonly error: ProviderError;
  readonly explanation: Explanation | null;
  readonly held: Held;
}

function answer(call: ProxyCall, { status, headers, error, explanation, held }: Refusal): void {
  const words = [error.summary, error.detail].filter((part) => part !== "").join(": ");
  const message = explanation?.message ?? (words || `Tableau answered ${status}.`);
  const code = explanation?.code ?? `tableau.${error.code || status}`;
  const action = explanation?.action ?? "Tableau's own answer is in output.";
  const said = { message, code, status, action };
  const bytes = Buffer.from(errorText(said, call.requestId, outputOf(held)));
  const retryAfter = headers["retry-after"]?.toString();
  call.response.writeHead(status, {
    ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
    ...call.headers,
    "content-type": "application/json",
    "cache-control": "no-store",
    "content-length": bytes.length,
  });
  call.response.end(bytes);
}

/** Tableau's own answer, as JSON: as it came, where it is that, and a text else. */
function outputOf({ bytes, isWhole }: Held): string {
  const text = bytes.toString();
  return isWhole && isJson(text) ? text : JSON.stringify(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
