/** Bars and a line, as a picture of what Acme is about. */
export function Skyline() {
  const bars = [64, 92, 78, 128, 104, 156, 132, 188, 170, 214];
  return (
    <svg aria-hidden="true" viewBox="0 0 480 240" className="hidden w-full max-w-2xl lg:block">
      {bars.map((height, index) => (
        <rect
          key={height}
          x={index * 48 + 6}
          y={240 - height}
          width="34"
          height={height}
          rx="5"
          className={index === bars.length - 1 ? "fill-pine-light" : "fill-pine-deep"}
        />
      ))}
      <polyline
        points={bars.map((height, index) => `${index * 48 + 23},${240 - height - 18}`).join(" ")}
        fill="none"
        strokeWidth="2.5"
        strokeLinejoin="round"
        strokeLinecap="round"
        className="stroke-amber"
      />
      <circle cx="455" cy="8" r="5" className="fill-amber" />
    </svg>
  );
}
