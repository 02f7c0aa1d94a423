/** `includeUsageStatistics=true` is an older way to ask for `fields=_default_,usage`. */
export function withUsage(query: URLSearchParams): URLSearchParams {
  const isAsked = query.get("includeUsageStatistics")?.toLowerCase() === "true";
  if (!isAsked) return query;
  const asked = new URLSearchParams(query);
  asked.set("fields", `${query.get("fields") || "_default_"},usage`);
  return asked;
}
