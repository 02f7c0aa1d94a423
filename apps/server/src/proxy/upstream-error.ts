import type { Connector, Explanation, ProviderError } from "@easel/connector";
import { integrationMeta } from "../http/error-body.ts";
import { type Held, readStart } from "./body.ts";
import type { ProxyCall } from "./call.ts";
import { packingOf } from "./decoding.ts";
import type { Explanations } from "./explanations.ts";
import type { UpstreamAnswer } from "./upstream-answer.ts";

/** Of an error that Tableau answers, bytes held. */
const ERROR_LIMIT = 65_536;

/** What Tableau says went wrong, or its beginning, unpacked. */
export async function readError({ headers, body }: UpstreamAnswer): Promise<Held> {
  const packing = packingOf(headers["content-encoding"]);
  if (packing.kind !== "packed") return readStart(body, ERROR_LIMIT);
  const unpack = packing.unpack();
  body.once("error", (error) => unpack.destroy(error));
  return readStart(body.pipe(unpack), ERROR_LIMIT);
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
  const said = [error.summary, error.detail].filter((part) => part !== "").join(": ");
  const message = explanation?.message ?? (said || `Tableau answered ${status}.`);
  const code = explanation?.code ?? `tableau.${error.code || status}`;
  const body = {
    message,
    code,
    status,
    action: explanation?.action ?? "Tableau's own answer is in output.",
    requestId: call.requestId,
    meta: integrationMeta({ message, code }),
    output: held.isWhole ? parsed(held.bytes.toString()) : held.bytes.toString(),
  };
  const bytes = Buffer.from(JSON.stringify(body));
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
