import type { ReactNode } from "react";

/** Our own drawings of the pages that the guide speaks of: their shape, not their look, so that they age slowly. */

const line = "fill-none stroke-line-strong";
const text = "fill-line-strong";
const hot = "fill-accent-soft stroke-accent-ink";

function Picture({ children }: { children: ReactNode }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 392 132"
      className="w-full rounded-box border border-line bg-sunken"
      strokeWidth="1.5"
    >
      {children}
    </svg>
  );
}

interface PictureProps {
  product: string;
}

/** A page with the picture at the top right, and its menu open. */
export function AccountMenuPicture(_: PictureProps) {
  return (
    <Picture>
      <path d="M0 34H392" className={line} />
      <rect x="16" y="13" width="72" height="8" rx="4" className={text} />
      <circle cx="364" cy="17" r="10" className={hot} />
      <circle cx="364" cy="14.5" r="3" className="fill-accent-ink" />
      <path d="M358.5 21.5a5.5 4.5 0 0 1 11 0" className="fill-accent-ink" />
      <rect x="228" y="42" width="146" height="78" rx="6" className="fill-surface stroke-line-strong" />
      <rect x="242" y="54" width="80" height="7" rx="3.5" className={text} />
      <rect x="234" y="68" width="134" height="22" rx="4" className={hot} />
      <Label x={242} y={83}>
        My Account Settings
      </Label>
      <rect x="242" y="102" width="52" height="7" rx="3.5" className={text} />
      <rect x="16" y="50" width="84" height="62" rx="6" className={line} />
      <rect x="116" y="50" width="84" height="62" rx="6" className={line} />
    </Picture>
  );
}

/** The section for tokens: a name, and the button that creates one. */
export function CreateTokenPicture({ product }: PictureProps) {
  return (
    <Picture>
      <rect x="16" y="16" width="120" height="8" rx="4" className={text} />
      <path d="M16 38H376" className={line} />
      <Label x={16} y={60} strong>
        Personal Access Tokens
      </Label>
      <rect x="16" y="74" width="204" height="32" rx="6" className="fill-surface stroke-line-strong" />
      <Label x={28} y={94}>
        {[...product].slice(0, 24).join("")}
      </Label>
      <rect x="232" y="74" width="128" height="32" rx="6" className={hot} />
      <Label x={296} y={94} middle>
        Create token
      </Label>
    </Picture>
  );
}

/** The window that shows the secret, once. */
export function CopySecretPicture({ product }: PictureProps) {
  return (
    <Picture>
      <rect x="56" y="12" width="280" height="108" rx="8" className="fill-surface stroke-line-strong" />
      <Label x={72} y={36} strong>
        {[...product].slice(0, 24).join("")}
      </Label>
      <rect x="72" y="50" width="196" height="28" rx="6" className={hot} />
      {Array.from({ length: 14 }, (_, index) => (
        <circle key={index} cx={86 + index * 12.5} cy="64" r="2.5" className="fill-accent-ink" />
      ))}
      <rect x="280" y="50" width="40" height="28" rx="6" className={hot} />
      <rect x="293" y="57" width="10" height="11" rx="2" className="fill-none stroke-accent-ink" />
      <path d="M297 57v-2h9v11h-3" className="fill-none stroke-accent-ink" />
      <rect x="72" y="94" width="120" height="7" rx="3.5" className={text} />
    </Picture>
  );
}

interface LabelProps {
  x: number;
  y: number;
  strong?: boolean;
  middle?: boolean;
  children: ReactNode;
}

function Label({ x, y, strong = false, middle = false, children }: LabelProps) {
  return (
    <text
      x={x}
      y={y}
      textAnchor={middle ? "middle" : "start"}
      stroke="none"
      className={`fill-ink text-[12px] ${strong ? "font-semibold" : "font-medium"}`}
    >
      {children}
    </text>
  );
}
