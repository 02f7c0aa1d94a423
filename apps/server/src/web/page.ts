import { randomBytes } from "node:crypto";
import type { FastifyReply } from "fastify";

/** Text that people or tokens set, made safe inside HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A sentence of the error table inside HTML: what stands between backticks is code. */
export function withCode(sentence: string): string {
  return escapeHtml(sentence).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}

/** A small page of Easel's own, complete in one answer: no script, and nothing loaded from anywhere. */
export function sendPage(reply: FastifyReply, page: { status?: number; title: string; body: string }): FastifyReply {
  const nonce = randomBytes(16).toString("base64");
  return reply
    .code(page.status ?? 200)
    .type("text/html; charset=utf-8")
    .headers({
      "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
      "cache-control": "no-store",
    })
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
        `<title>${escapeHtml(page.title)}</title><style nonce="${nonce}">${STYLE}</style></head><body><main>${page.body}</main></body></html>`,
    );
}

/** The tokens of packages/design, in small: these pages must stand without any built asset. */
const STYLE = `
:root { color-scheme: light dark; --wall: #faf9f7; --card: #fff; --ink: #1c1a17; --soft: #5f5b54; --line: #e4e1db; --accent: #1f4fd8; --on: #fff; }
@media (prefers-color-scheme: dark) { :root { --wall: #161513; --card: #1f1d1a; --ink: #f2efe9; --soft: #b3aea4; --line: #37342f; --accent: #8fb0ff; --on: #10131c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--wall); color: var(--ink); font: 14px/20px system-ui, sans-serif; }
main { max-width: 560px; margin: 64px auto; padding: 32px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
@media (max-width: 600px) { main { margin: 0; min-height: 100vh; border: 0; border-radius: 0; padding: 24px; } }
h1 { margin: 0 0 8px; font-size: 20px; line-height: 28px; font-weight: 600; }
h2 { margin: 24px 0 8px; font-size: 14px; font-weight: 600; }
p { margin: 0 0 16px; } .soft { color: var(--soft); }
a { color: var(--accent); }
code, pre { font: 13px/18px ui-monospace, monospace; }
pre { margin: 0 0 16px; padding: 12px; border: 1px solid var(--line); border-radius: 8px; white-space: pre-wrap; word-break: break-all; }
button, .button { display: inline-block; padding: 8px 16px; border: 0; border-radius: 8px; background: var(--accent); color: var(--on); font: inherit; font-weight: 500; text-decoration: none; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;
