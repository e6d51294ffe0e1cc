import {
  type MetricPath,
  metricPaths,
  quantileKey,
  type QuantileOf,
  type ReportQuery,
} from '@peerpress/store'
import {
  type FieldNode,
  getArgumentValues,
  type GraphQLResolveInfo,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'

/**
 * Returns the metrics that a query selects below a field. A metric that a directive excludes counts as selected.
 * @param path from the field to its `Metrics`
 */
function selectedMetrics(info: GraphQLResolveInfo, path: readonly string[] = []): MetricPath[] {
  const own = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? [])
  const metrics = path.reduce((sets, name) => selectionsOf(sets, name, info), own)
  return metricPaths.filter((metric) =>
    [metric, ...(derived.get(metric) ?? [])].some((each) => isSelected(metrics, each.split('.'), info)),
  )
}

/** Fields that follow from a metric. */
const derived: ReadonlyMap<MetricPath, readonly string[]> = new Map([
  ['delivery.bytesSaved', ['delivery.savings']],
])

/** Returns whether a query selects this field below a field. */
export function isFieldSelected(info: GraphQLResolveInfo, name: string): boolean {
  const own = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? [])
  return isSelected(own, [name], info)
}

/** Returns the further percentiles that a query selects below a field, each once. */
function selectedQuantiles(info: GraphQLResolveInfo, path: readonly string[] = []): QuantileOf[] {
  const own = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? [])
  const metrics = path.reduce((sets, name) => selectionsOf(sets, name, info), own)
  const type = info.schema.getType('Metrics')
  const definition = isObjectType(type) ? type.getFields()['quantile'] : undefined
  if (definition === undefined) return []
  const found = metrics
    .flatMap((set) => fieldsOf(set, info))
    .filter((field) => field.name.value === 'quantile')
    .map((field) => getArgumentValues(definition, field, info.variableValues))
    .map(({ of, p }): QuantileOf => ({ measure: of as QuantileOf['measure'], p: Number(p) }))
  return [...new Map(found.map((each) => [quantileKey(each), each])).values()]
}

/** Returns the parts of a store's query that follow from the metrics which a query selects below a field. */
export function selectionOf(
  info: GraphQLResolveInfo,
  ...paths: readonly (readonly string[])[]
): Pick<ReportQuery, 'metrics' | 'quantiles'> {
  const each = paths.length === 0 ? [[]] : paths
  const metrics = new Set(each.flatMap((path) => selectedMetrics(info, path)))
  const quantiles = each.flatMap((path) => selectedQuantiles(info, path))
  return {
    metrics: [...metrics],
    quantiles: [...new Map(quantiles.map((of) => [quantileKey(of), of])).values()],
  }
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
