import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupAnnotations } from './group-annotations.ts'

const annotation = (kind: 'NOTE' | 'PUBLICATION', at: string) =>
  ({ id: at, kind, at, subject: null, text: null, mayRemove: false }) as const

test('the publications of a busy day are one line, and notes stay', () => {
  const busy = ['20', '15', '10', '05'].map((hour) => annotation('PUBLICATION', `2026-05-02T${hour}:00:00Z`))
  const note = annotation('NOTE', '2026-05-02T00:00:00Z')
  const few = annotation('PUBLICATION', '2026-05-01T12:00:00Z')
  assert.deepEqual(
    groupAnnotations([...busy, note, few], 'UTC').map(({ annotation: { at }, count }) => [at, count]),
    [
      ['2026-05-02T20:00:00Z', 4],
      ['2026-05-02T00:00:00Z', 1],
      ['2026-05-01T12:00:00Z', 1],
    ],
  )
  // In Tokyo, two of them are of the next day.
  assert.equal(groupAnnotations(busy, 'Asia/Tokyo').length, 4)
})
