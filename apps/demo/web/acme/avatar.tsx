/** A person's initials. */
export function Avatar({ name, small = false }: { name: string; small?: boolean }) {
  const initials = name
    .split(" ")
    .slice(0, 2)
    .map((word) => word.charAt(0))
    .join("");
  return (
    <span
      aria-hidden
      className={`${small ? "size-7 text-caption" : "size-10 text-body"} inline-flex shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent-ink`}
    >
      {initials}
    </span>
  );
}
