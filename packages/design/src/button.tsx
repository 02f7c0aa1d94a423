import type { ComponentProps } from "react";

export type ButtonKind = "primary" | "secondary" | "danger" | "quiet";

const looks: Record<ButtonKind, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong border border-transparent",
  secondary: "bg-surface text-ink border border-line-strong hover:bg-sunken",
  danger: "bg-failure text-surface border border-transparent hover:opacity-90",
  quiet: "bg-transparent text-ink-soft border border-transparent hover:bg-sunken hover:text-ink",
};

export interface ButtonProps extends ComponentProps<"button"> {
  kind?: ButtonKind;
  /** As wide as its container. */
  wide?: boolean;
}

/** A button with a verb on it. `type` is `button` unless said otherwise, so that it never sends a form by accident. */
export function Button({ kind = "secondary", wide = false, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={`${looks[kind]} ${wide ? "w-full" : ""} inline-flex min-h-10 cursor-pointer items-center justify-center gap-2 rounded-box px-4 py-2 text-body font-medium motion-safe:transition-colors duration-100 disabled:cursor-default disabled:opacity-60`}
    />
  );
}

/** A button that reads as a link inside text, for what changes this page and leads nowhere else. */
export function TextButton(props: ComponentProps<"button">) {
  return (
    <button
      {...props}
      type="button"
      className="-mx-1 -my-1 inline-flex min-h-6 cursor-pointer items-center rounded-inner px-1 text-form font-medium text-accent-ink underline decoration-transparent underline-offset-3 hover:decoration-current forced-colors:underline"
    />
  );
}
