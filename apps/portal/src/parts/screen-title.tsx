import type { ReactNode } from "react";

/** Takes the focus when a screen opens without a field to fill, so that it is read aloud from its start. */
export function ScreenTitle({ children }: { children: ReactNode }) {
  return (
    <h1 id="title" tabIndex={-1} className="text-title font-semibold tracking-[-0.01em] text-balance">
      {children}
    </h1>
  );
}
