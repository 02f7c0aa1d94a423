import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  Kind,
  parse,
  validate,
  visit,
} from "graphql";
import type { Session } from "../auth/sessions.ts";
import { openBudget } from "./budget.ts";
import { mostTokens, sizeError } from "./limits.ts";
import { openNotices } from "./notices.ts";
import type { Query } from "./request.ts";
import { type Answering, resolveField, typeOf } from "./resolve.ts";
import { metadataSchema } from "./schema.ts";
import { hiddenFrom } from "./visibility.ts";
import { openWays } from "./ways.ts";

/** What Tableau answers to a query: data, errors, or some of both; always with the status 200. */
export type MetadataAnswer = { data?: unknown; errors?: readonly object[] };

export async function answerQuery(
  { query, variables, operationName }: Query,
  session: Session,
): Promise<MetadataAnswer> {
  const parsed = parseQuery(query);
  if (parsed instanceof GraphQLError) return { errors: [written(parsed, "InvalidSyntax")] };
  const document = withoutEmptyFilters(parsed);
  const tooLarge = sizeError(document);
  if (tooLarge !== undefined) return { data: null, errors: [tooLarge.toJSON()] };
  const schema = metadataSchema();
  const invalid = validate(schema, document, undefined, { maxErrors: 20 });
  if (invalid.length > 0) return { errors: invalid.map((error) => written(error, "ValidationError")) };
  const notices = openNotices();
  const answering: Answering = {
    ways: openWays(session.site),
    notices,
    budget: openBudget(notices),
    user: session.user,
    isHidden: hiddenFrom(session.user),
  };
  const { data, errors = [] } = await execute({
    schema,
    document,
    contextValue: answering,
    variableValues: variables,
    operationName,
    fieldResolver: resolveField,
    typeResolver: typeOf,
  });
  const all = [...errors.map((error) => error.toJSON()), ...notices.all()];
  return { ...(all.length === 0 ? {} : { errors: all }), data: data ?? null };
}

/** `filter: []` is no filter: Tableau's own samples send it. */
function withoutEmptyFilters(document: DocumentNode): DocumentNode {
  return visit(document, {
    Argument: ({ name, value }) =>
      name.value === "filter" && value.kind === Kind.LIST && value.values.length === 0 ? null : undefined,
  });
}

function parseQuery(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: mostTokens, noLocation: false });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** Tableau's Metadata API says of a wrong query what kind of wrong it is, and where. */
function written(error: GraphQLError, classification: "InvalidSyntax" | "ValidationError"): GraphQLFormattedError {
  const { message, locations } = error.toJSON();
  const said = classification === "InvalidSyntax" ? `Invalid Syntax : ${message}` : validationMessage(message);
  return { message: said, ...(locations === undefined ? {} : { locations }), extensions: { classification } };
}

/** In the words that Tableau's reference shows ("Other errors"), where the error is of the kind that it shows. */
function validationMessage(message: string): string {
  const [, field, type] = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(message) ?? [];
  if (field === undefined) return `Validation error : ${message}`;
  return `Validation error of type FieldUndefined: Field '${field}' in type '${type}' is undefined`;
}
