/** Acme's mark and name. */
export function Logo({ onPine = false }: { onPine?: boolean }) {
  return (
    <span className="flex items-center gap-2.5">
      <svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true">
        <rect width="24" height="24" rx="7" fill="#1e5c4b" stroke={onPine ? "#ffffff33" : "none"} />
        <path
          d="M6 17.5 12 6l6 11.5"
          fill="none"
          stroke="#fff"
          strokeWidth="2.2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
        <circle cx="12" cy="16.4" r="1.7" fill="#f2b66d" />
      </svg>
      <span className="text-[17px] leading-6 font-semibold tracking-tight">Acme</span>
    </span>
  );
}
