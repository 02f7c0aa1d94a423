/** A grey bar in the shape of what comes. Width and height are utility classes, e.g. `h-10 w-full`. */
export function Skeleton({ shape }: { shape: string }) {
  return (
    <div aria-hidden className={`${shape} motion-safe:animate-pulse rounded-inner bg-line forced-colors:border`} />
  );
}
