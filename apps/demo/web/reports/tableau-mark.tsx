import { ChartColumnBig } from "lucide-react";

/** A neutral picture of Tableau: its own logo is its maker's. */
export function TableauMark() {
  return (
    <span className="inline-flex size-11 shrink-0 items-center justify-center rounded-box bg-sunken text-ink-soft">
      <ChartColumnBig aria-hidden size={22} strokeWidth={1.5} />
    </span>
  );
}
