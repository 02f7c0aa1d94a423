import type { OutboundAnswer, Problem, UnreachableReason } from "@easel/connector";
import { headerOf, readError, retrySeconds } from "./answers.ts";
import { problem } from "./problems.ts";
import { hostOf } from "./server-url.ts";

type Answered = Extract<OutboundAnswer, { kind: "answered" }>;

/** Why no answer came, as a refusal. */
export function unreachableProblem(serverUrl: string, reason: UnreachableReason): Problem {
  const host = hostOf(serverUrl);
  switch (reason) {
    case "forbidden":
      return problem("tableau_server_forbidden", { host });
    case "timeout":
      return problem("tableau_server_slow", { host });
    case "tls":
      return problem("tableau_server_tls", { host });
    case "unknownHost":
      return problem("tableau_server_unreachable", { host, reason: "there is no such server" });
    case "refused":
      return problem("tableau_server_unreachable", { host, reason: "the server takes no connection" });
    case "cut":
      return problem("tableau_server_unreachable", { host, reason: "the connection was cut" });
  }
}

/**
 * The refusals that every small request shares: redirects, throttling, failing servers, and answers that do not come
 * from Tableau. Null where the answer is Tableau's own and is the asker's to read.
 */
export function strayProblem(serverUrl: string, answer: Answered): Problem | null {
  const host = hostOf(serverUrl);
  const { status } = answer;
  if (status >= 300 && status < 400) return movedProblem(serverUrl, answer);
  if (status === 429) return problem("tableau_throttled", { host, seconds: String(retrySeconds(answer.headers)) });
  if (status < 400) return null;
  const error = readError(status, answer.body);
  if (status >= 500) return problem("tableau_server_error", { host, status: String(status) }, error);
  if (error.code !== "") return null;
  return status === 401 || status === 403 || status === 407
    ? problem("tableau_server_gateway", { host, status: String(status) })
    : problem("tableau_server_not_tableau", { host });
}

function movedProblem(serverUrl: string, answer: Answered): Problem {
  const target = redirectTarget(serverUrl, answer);
  // A redirect that stays on the server leads to a page for people, such as a sign-in page.
  return target === null || target.origin === new URL(serverUrl).origin
    ? problem("tableau_server_not_tableau", { host: hostOf(serverUrl) })
    : problem("tableau_server_moved", { host: hostOf(serverUrl), address: target.origin });
}

/** Where a redirect leads; null where the answer is none, or leads nowhere that can be called. */
export function redirectTarget(serverUrl: string, answer: Answered): URL | null {
  const location = headerOf(answer.headers, "location");
  if (answer.status < 300 || answer.status >= 400 || location === null) return null;
  const target = URL.parse(location, `${serverUrl}/`);
  if (target === null || !["http:", "https:"].includes(target.protocol)) return null;
  return target.username === "" && target.password === "" ? target : null;
}
