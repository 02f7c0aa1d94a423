import { Skeleton } from "@easel/design/skeleton";
import { CircleCheck, CircleX } from "lucide-react";
import { useState } from "react";
import type { Problem } from "../acme/problem.ts";
import { ProblemNotice } from "../acme/problem-notice.tsx";
import { AnswerTable } from "./answer-table.tsx";
import { rowsOf } from "./rows.ts";

/** What a call came back with, and how long it took. */
export type CallAnswer =
  | { kind: "ok"; path: string; body: unknown; tookMs: number }
  | { kind: "failed"; path: string; problem: Problem; tookMs: number };

/** More JSON than this is cut: the page stays quick. */
const maxJsonCharacters = 200_000;

type View = "table" | "json";

/** Before the first call of a connected person. */
export function NoAnswerYet() {
  return (
    <p className="rounded-box bg-sunken px-4 py-8 text-center text-form text-ink-soft">
      Run a call to see what Tableau answers.
    </p>
  );
}

/** The last answer: as a table where it holds a list, and as JSON. */
export function AnswerPanel({ running, answer }: { running: string | undefined; answer: CallAnswer | undefined }) {
  const [view, setView] = useState<View>("table");
  return (
    <div className="flex min-w-0 flex-col gap-3" data-testid="answer">
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p role="status" className="flex min-w-0 items-center gap-1.5 text-form text-ink-soft">
          {running === undefined ? null : `Asking for ${running}…`}
          {running === undefined && answer !== undefined ? <Outcome answer={answer} /> : null}
        </p>
        {running === undefined && answer?.kind === "ok" ? <Views view={view} onView={setView} /> : null}
      </div>
      {running === undefined ? null : <Skeleton shape="h-40 w-full rounded-box" />}
      {running === undefined && answer?.kind === "failed" ? <ProblemNotice problem={answer.problem} /> : null}
      {running === undefined && answer?.kind === "ok" ? <Body body={answer.body} view={view} /> : null}
    </div>
  );
}

function Outcome({ answer }: { answer: CallAnswer }) {
  const ok = answer.kind === "ok";
  const Icon = ok ? CircleCheck : CircleX;
  const status =
    answer.kind === "failed" && answer.problem.status !== undefined ? ` with ${answer.problem.status}` : "";
  return (
    <>
      <Icon aria-hidden size={16} strokeWidth={1.5} className={`shrink-0 ${ok ? "text-success" : "text-failure"}`} />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <code className="font-mono text-ink">{answer.path}</code> {ok ? "answered" : `failed${status}`} after{" "}
        <span className="tabular-nums">{answer.tookMs.toLocaleString()}</span> ms
      </span>
    </>
  );
}

function Views({ view, onView }: { view: View; onView: (view: View) => void }) {
  return (
    <fieldset className="flex rounded-box border border-line bg-sunken p-0.5">
      <legend className="sr-only">Show the answer as</legend>
      {(["table", "json"] as const).map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={view === each}
          onClick={() => onView(each)}
          className="min-h-8 cursor-pointer rounded-inner border border-transparent px-3 text-form font-medium text-ink-soft hover:text-ink aria-pressed:border-line aria-pressed:bg-surface aria-pressed:text-ink"
        >
          {each === "table" ? "Table" : "JSON"}
        </button>
      ))}
    </fieldset>
  );
}

function Body({ body, view }: { body: unknown; view: View }) {
  if (view === "json") return <Json body={body} />;
  const rows = rowsOf(body);
  if (rows === "empty")
    return (
      <p className="rounded-box border border-line bg-sunken px-4 py-8 text-center text-form text-ink-soft">
        Tableau answered with an empty list: there are none of these yet, or none that you may see.
      </p>
    );
  return rows === "none" ? <Json body={body} /> : <AnswerTable rows={rows} />;
}

function Json({ body }: { body: unknown }) {
  const text = typeof body === "string" ? body : (JSON.stringify(body, null, 2) ?? "The answer has no body.");
  return (
    <section
      aria-label="Answer as JSON"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must reach that.
      tabIndex={0}
      className="max-h-[32rem] overflow-auto rounded-box border border-line bg-sunken p-4"
    >
      <pre className="font-mono text-caption leading-5" data-testid="answer-json">
        {text.length > maxJsonCharacters ? `${text.slice(0, maxJsonCharacters)}\n…` : text}
      </pre>
    </section>
  );
}
