import { Button } from "@easel/design/button";
import { Card } from "@easel/design/card";
import { Play } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import type { Embed } from "../acme/app.tsx";
import { problemOfError } from "../easel/failure.ts";
import type { Easel } from "../easel/use-easel.ts";
import { AnswerPanel, type CallAnswer, NoAnswerYet } from "./answer-panel.tsx";
import { Snippet } from "./snippet.tsx";

const snippet = [
  "paragon.authenticate(projectId, userToken);",
  'paragon.request("tableau", "/projects", { method: "GET" });',
  'paragon.request("tableau", "/jobs", { method: "GET" });',
];

type CallState = { kind: "idle" } | { kind: "running"; path: string } | { kind: "answered"; answer: CallAnswer };

/** The three lines that reach Tableau, run from this page, and what came back. */
export function Calls({ embed, easel }: { embed: Embed; easel: Easel }) {
  const { paragon, config } = embed;
  const connected = easel.state.kind === "ready" && easel.state.connection.kind === "connected";
  const [state, setState] = useState<CallState>({ kind: "idle" });
  const running = state.kind === "running" ? state.path : undefined;

  async function run(path: string) {
    // One at a time: of two equal GETs at once, the SDK lets only the first read the answer.
    if (running !== undefined) return;
    setState({ kind: "running", path });
    const startedAt = performance.now();
    const took = () => Math.round(performance.now() - startedAt);
    try {
      const body = await paragon.request<unknown>("tableau", path, { method: "GET" });
      setState({ kind: "answered", answer: { kind: "ok", path, body, tookMs: took() } });
    } catch (error) {
      const problem = problemOfError(error, config.easelOrigin);
      setState({ kind: "answered", answer: { kind: "failed", path, problem, tookMs: took() } });
      // Easel's codes about the connection itself: it may have to be connected again.
      if (problem.code?.startsWith("credential_")) easel.recheck();
    }
  }

  const props = { connected, running, onRun: run };
  return (
    <Card className="min-w-0 rounded-card">
      <section aria-labelledby="calls" className="flex flex-col gap-5 p-5">
        <div className="flex flex-col gap-1">
          <h2 id="calls" className="font-semibold">
            Ask Tableau
          </h2>
          <p className="text-form text-ink-soft">
            {connected
              ? "Each call goes through Easel, as you, to your Tableau site."
              : "These run once your Tableau account is connected."}
          </p>
        </div>
        <Snippet lines={snippet} />
        <div className="flex flex-col divide-y divide-line rounded-box border border-line">
          <CallRow {...props} path="/projects" />
          <CallRow {...props} path="/jobs" />
          <FreeCallRow {...props} />
        </div>
        {state.kind === "idle" ? (
          connected ? (
            <NoAnswerYet />
          ) : null
        ) : (
          <AnswerPanel running={running} answer={state.kind === "answered" ? state.answer : undefined} />
        )}
      </section>
    </Card>
  );
}

type CallRowProps = { connected: boolean; running: string | undefined; onRun: (path: string) => void };

function CallRow({ path, connected, running, onRun }: CallRowProps & { path: string }) {
  return (
    <div className="flex items-center gap-3 py-2 pr-2 pl-4">
      <Method />
      <code className="min-w-0 flex-1 font-mono text-form">{path}</code>
      <Button aria-label={`Run ${path}`} disabled={!connected || running !== undefined} onClick={() => onRun(path)}>
        <Play aria-hidden size={16} strokeWidth={1.5} />
        {running === path ? "Running…" : "Run"}
      </Button>
    </div>
  );
}

function FreeCallRow({ connected, running, onRun }: CallRowProps) {
  const id = useId();
  const [path, setPath] = useState("/workbooks");
  function submit(event: FormEvent) {
    event.preventDefault();
    if (path.trim() !== "") onRun(path.trim());
  }
  return (
    <form onSubmit={submit} className="flex items-center gap-3 py-2 pr-2 pl-4">
      <Method />
      <label htmlFor={id} className="sr-only">
        Any path
      </label>
      <input
        id={id}
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        className="-ml-2.5 h-10 min-w-0 flex-1 rounded-box border border-line-strong bg-surface px-2.5 font-mono text-[16px] sm:text-form"
      />
      <Button type="submit" aria-label="Run this path" disabled={!connected || running !== undefined}>
        <Play aria-hidden size={16} strokeWidth={1.5} />
        Run
      </Button>
    </form>
  );
}

function Method() {
  return <span className="w-8 shrink-0 font-mono text-caption font-medium text-ink-faint">GET</span>;
}
