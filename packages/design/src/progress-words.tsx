import { Check, Circle, CircleDot } from "lucide-react";

export interface ProgressWordsProps {
  /** Every step, in order, in words. */
  steps: readonly string[];
  /** The step that is going on; `steps.length` when all is done. */
  at: number;
}

/** Progress in words instead of a spinner. The step that is going on is read aloud when it changes. */
export function ProgressWords({ steps, at }: ProgressWordsProps) {
  return (
    <div className="flex flex-col gap-3">
      <ol aria-hidden className="flex flex-col gap-3">
        {steps.map((step, index) => (
          <li
            key={step}
            className={`flex items-center gap-2.5 text-body ${index === at ? "font-medium text-ink" : index < at ? "text-ink-soft" : "text-ink-faint"}`}
          >
            <StepIcon done={index < at} current={index === at} />
            <span className="min-w-0 [overflow-wrap:anywhere]">{step}</span>
          </li>
        ))}
      </ol>
      <p role="status" className="sr-only">
        {steps[Math.min(at, steps.length - 1)]}
      </p>
    </div>
  );
}

function StepIcon({ done, current }: { done: boolean; current: boolean }) {
  if (done) return <Check size={16} strokeWidth={1.5} className="shrink-0 text-success" />;
  if (current) return <CircleDot size={16} strokeWidth={1.5} className="shrink-0 text-accent-ink" />;
  return <Circle size={16} strokeWidth={1.5} className="shrink-0" />;
}
