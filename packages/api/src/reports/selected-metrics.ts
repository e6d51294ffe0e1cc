import type { MetricsPart } from '@peerpress/store'
import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql'

/** What the fields of `Metrics` are made of; other fields take nothing more. */
const needs: readonly (readonly [field: string, ...MetricsPart[]])[] = [
  ['reliability', 'reliability'],
  ['speed.lcp', 'lcp'],
  ['speed.inp', 'inp'],
  ['speed.cls', 'cls'],
  ['speed.fcp', 'fcp'],
  ['speed.ttfb', 'ttfb'],
  ['speed.load', 'load'],
  ['ratings.lcp', 'ratings', 'lcp'],
  ['ratings.inp', 'ratings', 'inp'],
  ['ratings.cls', 'ratings', 'cls'],
  ['ratings.fcp', 'ratings', 'fcp'],
  ['ratings.ttfb', 'ratings', 'ttfb'],
  ['apdex', 'ratings', 'lcp'],
  ['delivery', 'delivery'],
  ['engagement.engagedMs', 'engaged_ms'],
  ['engagement.scrollDepth', 'scroll_depth'],
]

/**
 * The parts of `Metrics` that a field is asked for; what a directive leaves out counts as asked for.
 * @param path from the field to its `Metrics`
 */
export function askedParts(info: GraphQLResolveInfo, path: readonly string[] = []): MetricsPart[] {
  const own = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? [])
  const metrics = path.reduce((sets, name) => under(sets, name, info), own)
  return needs.flatMap(([field, ...parts]) => (asksFor(metrics, field.split('.'), info) ? parts : []))
}

function asksFor(
  sets: readonly SelectionSetNode[],
  [name = '', ...rest]: readonly string[],
  info: GraphQLResolveInfo,
): boolean {
  if (rest.length > 0) return asksFor(under(sets, name, info), rest, info)
  return sets.some((set) => fieldsOf(set, info).some((field) => field.name.value === name))
}

/** The selections of all fields of that name, whatever they are called in the answer. */
function under(
  sets: readonly SelectionSetNode[],
  name: string,
  info: GraphQLResolveInfo,
): SelectionSetNode[] {
  return sets
    .flatMap((set) => fieldsOf(set, info))
    .flatMap((field) => (field.name.value === name ? (field.selectionSet ?? []) : []))
}

/** The fields of a selection, those of its fragments among them; a valid document has no fragment in itself. */
function fieldsOf({ selections }: SelectionSetNode, info: GraphQLResolveInfo): FieldNode[] {
  return selections.flatMap((selection): FieldNode[] => {
    if (selection.kind === Kind.FIELD) return [selection]
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value]
    return fragment === undefined ? [] : fieldsOf(fragment.selectionSet, info)
  })
}
