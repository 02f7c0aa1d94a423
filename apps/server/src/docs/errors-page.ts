import type { ProblemText } from "@easel/connector";
import { createTableauConnector } from "@easel/tableau";
import { platformProblems } from "../http/errors.ts";
import { markdownTable } from "./markdown-table.ts";

const INTRODUCTION = `# Errors

Every error that Easel gives has this body, whatever the address:

\`\`\`json
{
  "message": "What happened, in a sentence.",
  "code": "credential_none",
  "status": 409,
  "action": "What to do, in a sentence.",
  "requestId": "of this answer; the same id stands in the log and in the header X-Request-Id",
  "meta": { "isIntegrationError": true, "message": "the same", "code": "the same" }
}
\`\`\`

Codes are promises: once released, one keeps its meaning. Sentences may become better, so compare codes, not sentences.
Words in braces are filled in. \`meta.isIntegrationError\` tells the Paragon SDK to keep its user signed in; only errors of
the user token itself (\`user_token_…\`) come without it. With it, \`paragon.request\` rejects with an error whose message is
\`meta\` as JSON and whose \`response\` is the whole body.

An error that Tableau itself answers keeps Tableau's status: its code is \`tableau.\` and Tableau's own code, such as
\`tableau.404002\`, its message is Tableau's, and Tableau's answer is in \`output\`. Where the route table knows why Tableau
refused a call, the code and the sentences say that instead.`;

/** docs/errors.md, from the tables that the errors themselves come from. */
export function errorsPage(): string {
  const { name, problems } = createTableauConnector({ clock: () => 0 });
  return [
    INTRODUCTION,
    `## Easel's\n\n${table(platformProblems)}`,
    `## The ${name} connector's\n\n${table(problems)}`,
    "_Made by `node apps/server/src/docs/cli.ts`; a test holds it to the tables._\n",
  ].join("\n\n");
}

function table(problems: Readonly<Record<string, ProblemText>>): string {
  const rows = Object.entries(problems).map(([code, { status, message, action }]) => [
    `\`${code}\``,
    String(status),
    message,
    action,
  ]);
  return markdownTable(["code", "status", "what happened", "what to do"], rows);
}
