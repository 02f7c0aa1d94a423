import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";

/**
 * Serves a page of some product that embeds Easel, with the unmodified `@useparagon/connect` from npm bundled into it.
 * `/?easel=<origin>` is that page; `/frame?src=<url>` a page that only frames another.
 */
export async function serveProduct(): Promise<{ port: number; close(): Promise<void> }> {
  const script = await bundle();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://product");
    if (pathname === "/product.js") {
      response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(script);
      return;
    }
    response
      .writeHead(200, { "content-type": "text/html; charset=utf-8" })
      .end(pathname === "/frame" ? framing(searchParams.get("src") ?? "") : product(searchParams.get("easel") ?? ""));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A server on a port has no port.");
  return {
    port: address.port,
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

/** A classic script in the head: it runs while the document loads, and the SDK then makes no iframe before it is configured. */
function product(easel: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Product</title><link rel="icon" href="data:,">` +
    `<meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<meta name="easel" content="${attribute(easel)}"><script src="/product.js"></script></head>` +
    `<body><h1>Product</h1><button id="before">Before</button></body></html>`
  );
}

function framing(src: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Frame</title><link rel="icon" href="data:,"></head>` +
    `<body><iframe title="Framed" src="${attribute(src)}" width="800" height="600"></iframe></body></html>`
  );
}

function attribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    publicDir: false,
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL("page.ts", import.meta.url)), formats: ["iife"], name: "product" },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((each) => ("output" in each ? each.output : []));
  const chunk = outputs.find((output): output is Rolldown.OutputChunk => output.type === "chunk");
  if (chunk === undefined) throw new Error("The product's page was not built.");
  return chunk.code;
}
