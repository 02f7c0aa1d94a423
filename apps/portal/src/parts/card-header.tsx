import { IconButton } from "@easel/design/icon-button";
import { ArrowLeftRight, X } from "lucide-react";
import { useState } from "react";
import type { Session } from "../state.ts";
import { useView } from "../view.ts";

/** Who is connected with whom, and the way out. */
export function CardHeader({ session }: { session: Session | null }) {
  const { strings, actions, embedded } = useView();
  return (
    <div className="flex min-h-8 items-center justify-between gap-3">
      {session ? (
        <div className="flex min-w-0 items-center gap-2.5 text-form font-medium">
          <Mark name={session.context.project.name} src={session.context.project.logoUrl} />
          <span className="truncate">{session.context.project.name}</span>
          <ArrowLeftRight aria-hidden size={16} strokeWidth={1.5} className="shrink-0 text-ink-faint" />
          <Mark name={session.context.integration.name} src={`/integrations/${session.context.integration.type}.svg`} />
          <span className="max-w-40 shrink-0 truncate">{session.context.integration.name}</span>
        </div>
      ) : (
        <div />
      )}
      {embedded ? (
        <div className="-mr-2">
          <IconButton label={strings.close} onClick={actions.close}>
            <X aria-hidden size={16} strokeWidth={1.5} />
          </IconButton>
        </div>
      ) : null}
    </div>
  );
}

/** A logo; the first letter of the name where there is none, or it does not load. */
function Mark({ name, src }: { name: string; src: string | null }) {
  const [failed, setFailed] = useState(false);
  const look = "size-6 shrink-0 rounded-inner";
  if (src && !failed) {
    return (
      <img
        src={src}
        alt=""
        onError={() => setFailed(true)}
        referrerPolicy="no-referrer"
        className={`${look} object-contain`}
      />
    );
  }
  return (
    <span
      aria-hidden
      className={`${look} inline-flex items-center justify-center border border-line bg-sunken text-caption font-semibold`}
    >
      {[...name][0]?.toUpperCase()}
    </span>
  );
}
