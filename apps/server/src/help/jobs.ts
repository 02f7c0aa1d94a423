import type { Job } from "@easel/connector/help";
import { unreachableReason } from "../egress/failure.ts";
import { errorBody, errorText } from "../http/error-body.ts";
import { connectorError, EaselError, easelError } from "../http/errors.ts";
import { passOn } from "../proxy/answer.ts";
import { readBody } from "../proxy/body.ts";
import type { UpstreamAnswer } from "../proxy/upstream-answer.ts";
import { readError } from "../proxy/upstream-error.ts";
import type { Help, Wait } from "./asked.ts";
import {
  type Helped,
  type HelpParts,
  NO_BODY,
  OWN_JSON,
  passOnError,
  readWhole,
  reserveRoom,
  send,
  textOf,
} from "./exchanges.ts";
import { type Heartbeat, startHeartbeat } from "./heartbeat.ts";
import { holdsJson, type JsonAnswer, readJson, sendJson, wrapped } from "./json-answer.ts";

/** A wait of ten minutes asks 27 times; Tableau Cloud lets a site ask 20,000 times a day (reference §7). */
const FIRST_DELAY_MS = 1000;
const GROWTH = 1.5;
const LONGEST_DELAY_MS = 30_000;
/** One answer to it: a job is a few words, and who takes longer is asked again. */
const ANSWER_MS = 30_000;
/** Answers in a row that say nothing of a job before its caller is told. The job goes on meanwhile. */
const MOST_SILENCES = 5;

/**
 * Makes the caller's call, and where it began a job, answers when that has ended. What answers with no job is answered
 * at once: it is done. A caller who goes away ends the asking, and not the job.
 */
export async function sendFinishedJob(parts: HelpParts, helped: Helped, asked: Help & { kind: "job" }): Promise<void> {
  const { call } = helped;
  const { jobs } = parts.connector.help;
  if (call.route.method === "GET" && !jobs.shows(call.route)) {
    throw easelError("help_impossible", { reason: "a GET begins no job; GET /jobs/{id} can be waited for" });
  }
  mayFollow(parts, helped);
  const request = { route: call.route, body: await readBody(call.request), accept: "application/json" };
  reserveRoom(helped);
  const answer = await send(parts, helped, request);
  if (answer.statusCode >= 400) return passOnError(parts, call, answer);
  if (!holdsJson(answer)) return passOn(call, answer);
  const { wait, normalize } = asked;
  await sendWhenDone(parts, helped, { begun: await readWhole(parts, helped, answer), wait, normalize });
}

/** Throws where the project's Permissions do not let jobs be followed: before one is begun. */
export function mayFollow({ connector, route }: HelpParts, { call }: Helped): void {
  route(call.use, "GET", connector.help.jobs.path("00000000-0000-0000-0000-000000000000"));
}

/** Answers with what began, once the job in it has ended; at once where there is none. */
export async function sendWhenDone(
  parts: HelpParts,
  helped: Helped,
  { begun, wait, normalize }: { begun: JsonAnswer; wait: Wait; normalize: boolean },
): Promise<void> {
  const job = parts.connector.help.jobs.read(begun.value);
  const written = (answer: JsonAnswer): string => textOf(parts, helped, { answer, normalize });
  if (job === null) return sendJson(helped.call, begun, written(begun));
  const heartbeat = startHeartbeat(helped.call, wait.heartbeatMs);
  try {
    const last = await follow(parts, helped, { job, answer: begun, wait });
    sendEnd(parts, helped, { ...last, text: written(last.answer), heartbeat });
  } catch (error) {
    const { call, signal } = helped;
    const isLate = error instanceof EaselError && call.response.headersSent && !signal.aborted;
    if (!isLate) throw error;
    heartbeat.end({ status: error.status, headers: {} }, JSON.stringify(errorBody(error, call.requestId)));
  } finally {
    heartbeat.stop();
  }
}

interface Followed {
  readonly job: Job;
  readonly answer: JsonAnswer;
}

/** Asks for a job, less and less often, until it has ended or the time is over. */
async function follow(
  parts: HelpParts,
  helped: Helped,
  { job, answer, wait }: Followed & { wait: Wait },
): Promise<Followed> {
  const until = parts.clock() + wait.timeoutMs;
  let last: Followed = { job, answer };
  let delay = FIRST_DELAY_MS;
  let silences = 0;
  while (last.job.state === "open") {
    const left = until - parts.clock();
    if (left <= 0) return last;
    await parts.limits.lane(helped.call.use).rest(Math.min(delay, left), helped.signal);
    delay = Math.min(delay * GROWTH, LONGEST_DELAY_MS);
    const asked = await askOnce(parts, helped, job.id);
    if (asked.kind === "silence") {
      silences += 1;
      if (asked.isFinal || silences === MOST_SILENCES)
        throw easelError("job_lost", { job: job.id, reason: asked.reason });
      continue;
    }
    silences = 0;
    last = asked;
  }
  return last;
}

type AskedOnce =
  | ({ readonly kind: "job" } & Followed)
  | { readonly kind: "silence"; readonly reason: string; readonly isFinal: boolean };

async function askOnce(parts: HelpParts, helped: Helped, id: string): Promise<AskedOnce> {
  const { connector } = parts;
  const late = AbortSignal.timeout(ANSWER_MS);
  const signal = AbortSignal.any([helped.signal, late]);
  try {
    const route = parts.route(helped.call.use, "GET", connector.help.jobs.path(id));
    const answer = await send(parts, { ...helped, signal }, { route, body: NO_BODY, own: OWN_JSON });
    if (answer.statusCode >= 400) return refused(parts, answer, (await readError(answer)).bytes.toString());
    helped.holding.clear();
    const read = await readJson(answer, helped.holding);
    const job = connector.help.jobs.read(read.value);
    if (job === null) return { kind: "silence", reason: "the answer holds no job", isFinal: false };
    return { kind: "job", job, answer: read };
  } catch (error) {
    if (helped.signal.aborted) throw error;
    if (late.aborted || unreachableReason(error) !== null)
      return { kind: "silence", reason: "no whole answer came", isFinal: false };
    if (!(error instanceof EaselError)) throw error;
    // What could not be reached or read, and a token that is used elsewhere, may pass; what is refused stays so.
    return { kind: "silence", reason: error.message, isFinal: error.status === 400 || error.status === 403 };
  }
}

function refused({ connector }: HelpParts, { statusCode: status, headers }: UpstreamAnswer, text: string): AskedOnce {
  const { error } = connector.classify(status, headers, text);
  const reason = error.summary === "" ? `status ${status}` : error.summary;
  return { kind: "silence", reason, isFinal: status === 403 };
}

/**
 * The finished job as the provider gives it. One that did not succeed is an error with the job as its `output`; where
 * the answer is passed on raw it is the job alone, whose finish code says so. 202 means that the time was over first.
 */
function sendEnd(
  { connector }: HelpParts,
  { call }: Helped,
  { job, answer, text, heartbeat }: Followed & { text: string; heartbeat: Heartbeat },
): void {
  if (job.state !== "unsuccessful" || call.isRaw) {
    const status = job.state === "open" ? 202 : 200;
    heartbeat.end({ status, headers: answer.headers }, wrapped(call, text));
    return;
  }
  const notes = job.notes === "" ? "it was cancelled, or says nothing more" : job.notes;
  const error = connectorError(connector.problems, { code: "tableau_job_unsuccessful", params: { notes } });
  heartbeat.end({ status: error.status, headers: answer.headers }, errorText(error, call.requestId, text));
}
