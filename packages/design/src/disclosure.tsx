import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { useId, useState } from "react";

/** A line that opens to more. Closed content is not in the page, so that nothing hidden takes focus. */
export function Disclosure({ summary, children }: { summary: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="flex flex-col gap-2">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        className="-ml-1 inline-flex min-h-6 cursor-pointer items-center gap-1 self-start rounded-inner px-1 text-form font-medium text-ink-soft hover:text-ink"
      >
        <ChevronRight
          aria-hidden
          size={16}
          strokeWidth={1.5}
          className={`motion-safe:transition-transform duration-100 ${open ? "rotate-90" : ""}`}
        />
        {summary}
      </button>
      {open ? <div id={id}>{children}</div> : null}
    </div>
  );
}
