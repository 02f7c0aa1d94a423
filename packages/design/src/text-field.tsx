import { CircleAlert, Eye, EyeOff } from "lucide-react";
import type { ComponentProps, ReactNode, Ref } from "react";
import { useId, useState } from "react";
import { IconButton } from "./icon-button.tsx";

export interface TextFieldProps extends Omit<ComponentProps<"input">, "onChange" | "value" | "ref"> {
  label: string;
  value: string;
  onValue: (value: string) => void;
  /** Below the field; an error takes its place. */
  help?: ReactNode;
  error?: ReactNode;
  /** Beside the label, e.g. where to find the value. */
  aside?: ReactNode;
  /** A secret is hidden, and can be shown: the words of that button. */
  secret?: { show: string; hide: string };
  inputRef?: Ref<HTMLInputElement>;
}

/** One line of text: label above, help below, the error in place of the help. */
export function TextField({ label, value, onValue, help, error, aside, secret, inputRef, ...rest }: TextFieldProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const note = error ?? help;
  return (
    <div className="flex flex-col gap-1">
      <div className="flex min-h-6 items-center justify-between gap-3">
        <label htmlFor={id} className="text-form font-medium text-ink">
          {label}
        </label>
        {aside}
      </div>
      <div className="relative">
        <input
          autoCapitalize="none"
          autoCorrect="off"
          autoComplete="off"
          spellCheck={false}
          {...rest}
          id={id}
          ref={inputRef}
          type={secret && !shown ? "password" : "text"}
          value={value}
          onChange={(event) => onValue(event.currentTarget.value)}
          aria-invalid={error ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
          className={`${error ? "border-failure" : "border-line-strong"} ${secret ? "pr-11" : ""} h-10 w-full text-ellipsis rounded-box border bg-surface px-3 text-base text-ink placeholder:text-ink-faint focus-visible:-outline-offset-1 read-only:bg-sunken sm:text-body`}
        />
        {secret ? (
          <div className="absolute inset-y-0 right-1 flex items-center">
            <IconButton label={shown ? secret.hide : secret.show} aria-pressed={shown} onClick={() => setShown(!shown)}>
              {shown ? <EyeOff size={16} strokeWidth={1.5} /> : <Eye size={16} strokeWidth={1.5} />}
            </IconButton>
          </div>
        ) : null}
      </div>
      {note ? (
        <div
          id={`${id}-note`}
          className={`${error ? "text-failure" : "text-ink-soft"} flex gap-1.5 text-form [overflow-wrap:anywhere]`}
        >
          {error ? <CircleAlert aria-hidden size={16} strokeWidth={1.5} className="mt-px shrink-0" /> : null}
          <div className="min-w-0">{note}</div>
        </div>
      ) : null}
    </div>
  );
}
