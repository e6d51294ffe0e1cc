import { type MetricPath, metricPaths } from '@peerpress/store'
import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql'

/**
 * Returns the metrics that a query selects below a field. A metric that a directive excludes counts as selected.
 * @param path from the field to its `Metrics`
 */
export function selectedMetrics(info: GraphQLResolveInfo, path: readonly string[] = []): MetricPath[] {
  const own = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? [])
  const metrics = path.reduce((sets, name) => selectionsOf(sets, name, info), own)
  return metricPaths.filter((metric) => isSelected(metrics, metric.split('.'), info))
}

function isSelected(
  sets: readonly SelectionSetNode[],
  [name = '', ...rest]: readonly string[],
  info: GraphQLResolveInfo,
): boolean {
  if (rest.length > 0) return isSelected(selectionsOf(sets, name, info), rest, info)
  return sets.some((set) => fieldsOf(set, info).some((field) => field.name.value === name))
}

/** Returns the selections of all fields of that name, including fields with an alias. */
function selectionsOf(
  sets: readonly SelectionSetNode[],
  name: string,
  info: GraphQLResolveInfo,
): SelectionSetNode[] {
  return sets
    .flatMap((set) => fieldsOf(set, info))
    .flatMap((field) => (field.name.value === name ? (field.selectionSet ?? []) : []))
}

/** Returns a selection's fields, including those of its fragments. In a valid document no fragment contains itself. */
function fieldsOf({ selections }: SelectionSetNode, info: GraphQLResolveInfo): FieldNode[] {
  return selections.flatMap((selection): FieldNode[] => {
    if (selection.kind === Kind.FIELD) return [selection]
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value]
    return fragment === undefined ? [] : fieldsOf(fragment.selectionSet, info)
  })
}
