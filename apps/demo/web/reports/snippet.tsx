/** Code as it stands in a product's own source; strings stand out. The text is exactly `lines`. */
export function Snippet({ lines }: { lines: readonly string[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways on a phone, and the keyboard must reach that.
    <pre tabIndex={0} className="overflow-x-auto rounded-box bg-sunken px-4 py-3 font-mono text-form leading-6">
      <code data-testid="snippet">
        {lines
          .join("\n")
          .split(/("[^"]*")/)
          .map((part, index) =>
            part.startsWith('"') ? (
              <span key={index} className="text-accent-ink">
                {part}
              </span>
            ) : (
              part
            ),
          )}
      </code>
    </pre>
  );
}
