import { columnTitle, type Rows } from "./rows.ts";

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** A list that Tableau answered with. Columns come from the data. */
export function AnswerTable({ rows }: { rows: Rows }) {
  const shown = rows.rows.length;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <section
        aria-label="Answer as a table"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must reach that.
        tabIndex={0}
        className="max-h-[32rem] overflow-auto rounded-box border border-line"
      >
        <table className="w-full border-collapse text-form">
          <thead className="sticky top-0 bg-sunken">
            <tr>
              {rows.columns.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className="border-b border-line px-3 py-2.5 text-left font-medium whitespace-nowrap text-ink-soft"
                >
                  {columnTitle(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {rows.rows.map((row, index) => (
              <tr key={index}>
                {rows.columns.map((column) => (
                  <td key={column} className="h-10 max-w-80 truncate px-3 whitespace-nowrap">
                    <Cell value={row[column]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="text-caption text-ink-soft tabular-nums" data-testid="row-count">
        {shown < rows.total
          ? `The first ${shown.toLocaleString()} of ${rows.total.toLocaleString()} rows; the JSON has all of them.`
          : `${shown.toLocaleString()} ${shown === 1 ? "row" : "rows"}`}
      </p>
    </div>
  );
}

function Cell({ value }: { value: unknown }) {
  if (value === null || value === undefined || value === "") return <span className="text-ink-faint">–</span>;
  if (typeof value === "boolean" || value === "true" || value === "false")
    return <>{String(value) === "true" ? "Yes" : "No"}</>;
  if (typeof value === "number") return <span className="tabular-nums">{value.toLocaleString()}</span>;
  if (typeof value !== "string") {
    if (Array.isArray(value)) return <>{value.length === 1 ? "1 item" : `${value.length.toLocaleString()} items`}</>;
    return <span className="font-mono text-caption">{JSON.stringify(value)}</span>;
  }
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value)))
    return (
      <time dateTime={value} title={value} className="tabular-nums">
        {moment.format(new Date(value))}
      </time>
    );
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value))
    return <span className="font-mono text-caption text-ink-soft">{value}</span>;
  return <span title={value.length > 40 ? value : undefined}>{value}</span>;
}
