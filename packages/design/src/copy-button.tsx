import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";

export interface CopyButtonProps {
  text: string;
  /** What is copied, e.g. `Copy the request id`. */
  label: string;
  /** Said for a moment afterwards, e.g. `Copied`. */
  done: string;
}

/** Copies a text and says so for two seconds. */
export function CopyButton({ text, label, done }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true), leaveIt);
  return (
    <button
      type="button"
      onClick={copy}
      className="-mx-1 inline-flex min-h-6 cursor-pointer items-center gap-1.5 rounded-inner px-1 text-caption font-medium text-accent-ink hover:underline"
    >
      {copied ? <Check aria-hidden size={14} strokeWidth={1.5} /> : <Copy aria-hidden size={14} strokeWidth={1.5} />}
      <span aria-live="polite">{copied ? done : label}</span>
    </button>
  );
}

/** The browser may refuse the clipboard (an iframe without `clipboard-write`): the text is on the page to be copied by hand. */
function leaveIt() {}
