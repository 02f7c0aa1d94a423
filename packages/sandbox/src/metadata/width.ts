import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from "graphql";

/**
 * How many values one thing of a list has in the answer, whatever it is: its own and those of the single things that
 * are asked for with it, but not those of further lists. Counted without writing fragments out, so that fragments in
 * fragments cost nothing to count.
 */
export function widthOf({ fieldNodes, fragments, schema, returnType }: GraphQLResolveInfo): number {
  const known = new Map<SelectionSetNode, number>();

  function ofSet(set: SelectionSetNode | undefined, type: string): number {
    if (set === undefined) return 1;
    const counted = known.get(set);
    if (counted !== undefined) return counted;
    known.set(set, 0); // a fragment within itself has been refused before
    let width = 1;
    for (const selection of set.selections) {
      if (selection.kind === "Field") width += ofField(selection, type);
      else if (selection.kind === "InlineFragment") {
        width += ofSet(selection.selectionSet, selection.typeCondition?.name.value ?? type);
      } else width += ofFragment(fragments[selection.name.value]);
    }
    known.set(set, width);
    return width;
  }

  function ofFragment(fragment: FragmentDefinitionNode | undefined): number {
    return fragment === undefined ? 0 : ofSet(fragment.selectionSet, fragment.typeCondition.name.value);
  }

  function ofField(field: FieldNode, parent: string): number {
    const holder = schema.getType(parent);
    const known = isObjectType(holder) || isInterfaceType(holder) ? holder.getFields()[field.name.value] : undefined;
    if (known === undefined) return 1;
    const type = isNonNullType(known.type) ? known.type.ofType : known.type;
    if (isListType(type) || isLeafType(type)) return 1;
    return ofSet(field.selectionSet, getNamedType(type).name);
  }

  const type = getNamedType(returnType).name;
  return fieldNodes.reduce((total, { selectionSet }) => total + ofSet(selectionSet, type), 0);
}
