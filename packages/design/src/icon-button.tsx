import type { ComponentProps } from "react";

export interface IconButtonProps extends ComponentProps<"button"> {
  /** What it does, for people who do not see the icon. */
  label: string;
}

/** A square button that shows only an icon. */
export function IconButton({ label, children, ...rest }: IconButtonProps) {
  return (
    <button
      {...rest}
      type="button"
      aria-label={label}
      title={label}
      className="inline-flex size-8 shrink-0 cursor-pointer items-center justify-center rounded-inner text-ink-soft hover:bg-sunken hover:text-ink"
    >
      {children}
    </button>
  );
}
