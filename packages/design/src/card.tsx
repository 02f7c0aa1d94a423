import type { ComponentProps } from "react";

/** A bounded surface. `floating` gives it the shadow that only what floats may have. */
export function Card({ floating = false, ...rest }: ComponentProps<"div"> & { floating?: boolean }) {
  return (
    <div
      {...rest}
      className={`${floating ? "rounded-card shadow-float" : "rounded-box"} border border-line bg-surface text-ink ${rest.className ?? ""}`}
    />
  );
}
