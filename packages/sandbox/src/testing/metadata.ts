import * as z from "zod";
import type { SignedIn } from "./client.ts";

const answerSchema = z.strictObject({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.looseObject({
        message: z.string(),
        extensions: z.looseObject({ code: z.string().optional(), classification: z.string().optional() }).optional(),
      }),
    )
    .optional(),
});

const rowsSchema = z.array(z.looseObject({}));
const connectionSchema = z.object({
  nodes: rowsSchema,
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  totalCount: z.number(),
});

/** The parts of a connection that tests look at; what is asked of its nodes goes between the braces. */
export const connectionOf = (nodes: string): string =>
  `{ nodes { ${nodes} } pageInfo { hasNextPage endCursor } totalCount }`;

/** The Metadata API as one person asks it. */
export function metadataOf(session: SignedIn) {
  const ask = async (query: string, variables: Record<string, unknown> = {}) => {
    const response = await session.ask("/api/metadata/graphql", "POST", { query, variables });
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return answerSchema.parse(await response.json());
  };
  /** The one list that a query asks for, which must be answered without errors. */
  const rows = async (query: string, variables?: Record<string, unknown>) => {
    const { data, errors } = await ask(query, variables);
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return rowsSchema.parse(Object.values(data ?? {})[0]);
  };
  const connection = async (query: string, variables?: Record<string, unknown>) => {
    const { data, errors } = await ask(query, variables);
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return connectionSchema.parse(Object.values(data ?? {})[0]);
  };
  /** What is told beside or instead of an answer: the codes, or the classes of errors. */
  const troubles = async (query: string, variables?: Record<string, unknown>): Promise<string[]> => {
    const { errors = [] } = await ask(query, variables);
    return errors.map(({ extensions }) => extensions?.code ?? extensions?.classification ?? "nothing said");
  };
  return { ask, rows, connection, troubles };
}
