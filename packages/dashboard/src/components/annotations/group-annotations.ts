import type { AnnotationFragment } from '../../generated/graphql.ts'
import { dayOf } from '../../report/local-time.ts'

/** A line of the list: something that happened, or so many publications of a day. */
export interface AnnotationLine {
  readonly annotation: AnnotationFragment
  /** How many publications it stands for. */
  readonly count: number
}

/** More publications of a day are one line. */
const maxOfDay = 3

/** Returns the lines of a list, the latest first. Publications of a busy day are one line, so that they hide nothing else. */
export function groupAnnotations(
  annotations: readonly AnnotationFragment[],
  timeZone: string,
): readonly AnnotationLine[] {
  const dayOfPublication = ({ kind, at }: AnnotationFragment) =>
    kind === 'PUBLICATION' ? dayOf(Date.parse(at), timeZone) : null
  const counts = new Map<string, number>()
  for (const annotation of annotations) {
    const day = dayOfPublication(annotation)
    if (day !== null) counts.set(day, (counts.get(day) ?? 0) + 1)
  }
  const shown = new Set<string>()
  return annotations.flatMap((annotation) => {
    const day = dayOfPublication(annotation)
    const count = day === null ? 1 : (counts.get(day) ?? 1)
    if (day === null || count <= maxOfDay) return [{ annotation, count: 1 }]
    if (shown.has(day)) return []
    shown.add(day)
    return [{ annotation, count }]
  })
}
