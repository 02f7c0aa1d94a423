/** What a receiver answered, or why there is no answer. */
export type Answer = { kind: "answered"; status: number; body: string } | { kind: "unreachable"; problem: string };

/** How much of a receiver's answer is read, in bytes. */
const mostRead = 16 * 1024;

/** Posts to a webhook's address. Redirects are not followed: they are an answer that is no success. */
export async function post(url: string, payload: string, signal: AbortSignal): Promise<Answer> {
  try {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body: payload, redirect: "manual", signal });
    return { kind: "answered", status: response.status, body: await beginningOf(response.body) };
  } catch (error) {
    return { kind: "unreachable", problem: problemOf(error) };
  }
}

async function beginningOf(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early ends the connection: an endless answer is not read to its end.
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= mostRead) break;
  }
  return Buffer.concat(chunks).subarray(0, mostRead).toString("utf8");
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says only that it failed, and has the reason as its cause.
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}
