import { Client, type QueryResultRow } from "pg";

/** One statement on a test's database, as its administrator: for what would else take minutes to come about. */
export async function sql<Row extends QueryResultRow = QueryResultRow>(
  databaseUrl: string,
  statement: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(statement, [...values])).rows;
  } finally {
    await client.end();
  }
}
