import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** What a receiver of webhooks got: the body as it came. */
export type Received = { path: string; body: string; contentType: string | undefined; at: number };

export type Receiver = Awaited<ReturnType<typeof openReceiver>>;

/** Answers one request; what it answers is up to the test. */
type Answering = (response: ServerResponse, count: number) => void;

/** Somebody who waits for webhooks: a real server on this machine. It answers 200 unless it is told otherwise. */
export async function openReceiver() {
  const received: Received[] = [];
  let answer: Answering = (response) => response.end("thank you");
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    received.push({
      path: request.url ?? "",
      body,
      contentType: request.headers["content-type"],
      at: performance.now(),
    });
    answer(response, received.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The receiver does not listen on a port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    /** How the next requests are answered, by their number from the first one on. */
    answerBy(next: Answering): void {
      answer = next;
    },
    answerWith(status: number, headers: Record<string, string> = {}): void {
      answer = (response) => response.writeHead(status, headers).end();
    },
    close(): Promise<void> {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
