import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

export type NoticeTone = "info" | "success" | "waiting" | "failure";

const tones = {
  info: { Icon: Info, look: "bg-sunken", icon: "text-ink-soft" },
  success: { Icon: CircleCheck, look: "bg-success-soft", icon: "text-success" },
  waiting: { Icon: TriangleAlert, look: "bg-waiting-soft", icon: "text-waiting" },
  failure: { Icon: CircleAlert, look: "bg-failure-soft", icon: "text-failure" },
} as const;

export interface NoticeProps {
  tone: NoticeTone;
  title?: string;
  children?: ReactNode;
  /** Read aloud as soon as it appears: for what answers something the person did. */
  announced?: boolean;
}

/** Something to know about what is on the page: what happened, then what to do. */
export function Notice({ tone, title, children, announced = false }: NoticeProps) {
  const { Icon, look, icon } = tones[tone];
  return (
    <div
      role={announced ? "alert" : undefined}
      className={`${look} flex gap-2.5 rounded-box border border-transparent p-3 text-form text-ink`}
    >
      <Icon aria-hidden size={16} strokeWidth={1.5} className={`${icon} mt-px shrink-0`} />
      <div className="flex min-w-0 flex-1 flex-col gap-1 [overflow-wrap:anywhere]">
        {title ? <p className="font-medium">{title}</p> : null}
        {children}
      </div>
    </div>
  );
}
