import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  visit,
} from "graphql";

/** Words and signs in a query: enough for thousands of ids in a filter. */
export const mostTokens = 50_000;

/** Fields and fragments written in a query, and how deep they may stand: what checking it costs grows with these. */
const mostFields = 2_000;
const mostFragments = 200;
const mostDepth = 40;
const mostIntrospections = 20;

/** What is wrong with the size of a query; the words are those of the library that Tableau answers with (inferred). */
export function sizeError(document: DocumentNode): GraphQLError | undefined {
  let fields = 0;
  let aliases = 0;
  let introspections = 0;
  visit(document, {
    Field: ({ name, alias }) => {
      fields += 1;
      if (name.value === "__schema" || name.value === "__type") introspections += 1;
      else if (alias !== undefined) aliases += 1;
    },
  });
  // The schema is large and its answer is not counted in nodes: it can be asked for a few times, not under many names.
  if (introspections > mostIntrospections || (introspections > 0 && aliases > 0)) {
    return tooLarge("maximum introspection exceeded");
  }
  const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
  if (fields > mostFields) return tooLarge(`maximum query complexity exceeded ${fields} > ${mostFields}`);
  if (fragments.length > mostFragments)
    return tooLarge(`maximum fragments exceeded ${fragments.length} > ${mostFragments}`);
  const depth = depthOf(document, new Map(fragments.map((one) => [one.name.value, one])));
  return depth > mostDepth ? tooLarge(`maximum query depth exceeded ${depth} > ${mostDepth}`) : undefined;
}

function tooLarge(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { classification: "ExecutionAborted" } });
}

/** How deep fields stand in one another, fragments included; a fragment in itself is too deep. */
function depthOf(document: DocumentNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): number {
  const known = new Map<SelectionSetNode, number>();

  function ofSet(set: SelectionSetNode | undefined, above: number): number {
    if (set === undefined) return 0;
    if (above > mostDepth) return 1;
    const found = known.get(set);
    if (found !== undefined) return found;
    const depths = set.selections.map((selection) => {
      if (selection.kind === Kind.FIELD) return 1 + ofSet(selection.selectionSet, above + 1);
      if (selection.kind === Kind.INLINE_FRAGMENT) return ofSet(selection.selectionSet, above + 1);
      return ofSet(fragments.get(selection.name.value)?.selectionSet, above + 1);
    });
    const depth = Math.max(0, ...depths);
    known.set(set, depth);
    return depth;
  }

  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  return Math.max(0, ...operations.map(({ selectionSet }) => ofSet(selectionSet, 0)));
}
