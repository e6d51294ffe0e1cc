import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeBotRow } from '../model/bot-row.ts'
import { sampleRows } from '../random-rows.testing.ts'
import { Removed } from './removed.ts'
import { encodeViewRow } from '../model/view-line.ts'
import type { ViewRow } from '../model/view-row.ts'

const [sample] = sampleRows(1)
const at = (day: string) => ({ started_at: `${day} 12:00:00.000`, received_at: `${day} 12:00:01.000` })
const row = (changes: Partial<ViewRow>): ViewRow => ({
  ...sample!,
  visitor: null,
  ...at('2026-03-01'),
  ...changes,
})
const view = '0190163d-8694-7394-8e5b-1234567890ab'
const forms: Readonly<Record<string, (viewRow: ViewRow) => string>> = {
  'as it is written': encodeViewRow,
  'with names, as it was written before': (viewRow) => JSON.stringify(viewRow),
}

for (const [form, line] of Object.entries(forms)) {
  /** A bot's line is given as it is. */
  const text = (rows: readonly (ViewRow | string)[]) =>
    Buffer.from(rows.map((one) => `${typeof one === 'string' ? one : line(one)}\n`).join(''))

  test(`preserves every byte of other rows, ${form}`, () => {
    const removed = new Removed()
    const rows = text([row({ site: 'others', url: 'https://example.org/ü/日本?"site":"gone"' })])
    assert.equal(removed.without(rows), rows)
    removed.addSite('gone')
    assert.deepEqual(
      removed.without(Buffer.concat([rows, text([row({ site: 'gone' })]), rows])),
      Buffer.concat([rows, rows]),
    )
    assert.equal(removed.without(text([row({ site: 'gone' })])).length, 0)
  })

  test(`preserves a row that only mentions a removed site, ${form}`, () => {
    const removed = new Removed()
    removed.addSite('gone')
    const rows = text([
      row({ site: 'others', campaign_name: '"site":"gone"', url: 'https://a.test/#"site":"gone"' }),
    ])
    assert.deepEqual(removed.without(rows), rows)
  })

  test(`removes a visitor's rows, including a bot's, and all snapshots of its known views, ${form}`, () => {
    const removed = new Removed()
    removed.addVisitorDay('s', { number: '77', day: '2026-03-01' }, [view])
    const mark = { sign: 'agent', agent: null } as const
    const bot = (changes: Partial<ViewRow>) => encodeBotRow(row(changes), mark)
    const others = [
      row({ site: 's', visitor: '770' }),
      row({ site: 's', visitor: '77', ...at('2026-03-02') }),
      row({ site: 's' }),
      row({ site: 'other', visitor: '77', view }),
      bot({ site: 's', visitor: '7' }),
    ]
    const removedRows = [
      row({ site: 's', visitor: '77' }),
      row({ site: 's', visitor: '77', started_at: '2026-02-28 23:59:59.000' }),
      row({ site: 's', visitor: '12', view }),
      row({ site: 's', view: view.toUpperCase() }),
      bot({ site: 's', visitor: '77' }),
    ]
    assert.deepEqual(removed.without(text([...removedRows, ...others, ...removedRows])), text(others))
  })
}
