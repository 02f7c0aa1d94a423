import { GraphQLError } from "graphql";

/** What goes with an answer that is not all of it, as Tableau's reference words it ("Common errors"). */
const warnings = {
  MAX_PAGE_SIZE_EXCEEDED:
    "The value chosen for 'first' exceeded the maximum page size, so the query results will be limited to the maximum page size instead of the value chosen for 'first'. It is recommended that the value chosen for 'first' be smaller than the maximum page size, or incomplete results may be returned.",
  NODE_LIMIT_EXCEEDED:
    "Showing partial results. The request exceeded the 20000 node limit. Use pagination, additional filtering, or both in the query to adjust results.",
  PERMISSIONS_MODE_SWITCHED:
    "One or more of the attributes used in your filter contain sensitive data so your results have been automatically filtered to contain only the results you have permissions to see",
  TIME_LIMIT_EXCEEDED:
    "Can't show all data because the timeout limit PT20S has been exceeded. Use pagination, additional filtering, or both in the query, and try again.",
} as const;

export type Warning = keyof typeof warnings;

export type Notice = { message: string; extensions: { severity: "WARNING"; code: Warning; properties: object } };

export type Notices = ReturnType<typeof openNotices>;

/** Collects the warnings of one query: each once, with what it is about. */
export function openNotices() {
  const given = new Map<Warning, Notice>();
  return {
    warn(code: Warning, properties: object): void {
      const known = given.get(code);
      const about = { ...known?.extensions.properties, ...properties };
      given.set(code, { message: warnings[code], extensions: { severity: "WARNING", code, properties: about } });
    },
    all: (): readonly Notice[] => [...given.values()],
  };
}

/** An error that a query has brought about: where it occurs, the answer has null. */
export function queryError(code: "FILTER_REQUIRED" | "INVALID_ARGUMENT", message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { severity: "ERROR", code } });
}
