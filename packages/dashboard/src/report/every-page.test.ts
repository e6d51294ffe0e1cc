import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyPage } from './every-page.ts'

const pages = (count: number, size: number) => {
  const asked: (string | null)[] = []
  const load = async (after: string | null) => {
    asked.push(after)
    const start = Number(after ?? 0)
    const rows = Array.from({ length: Math.max(0, Math.min(size, count - start)) }, (_, i) => start + i)
    const end = start + rows.length
    return { rows, next: end < count ? String(end) : null }
  }
  return { asked, load }
}

test('the pages of a list are loaded until its end', async () => {
  const { asked, load } = pages(250, 100)
  const rows = await everyPage(load)
  assert.deepEqual([rows.length, rows[0], rows.at(-1)], [250, 0, 249])
  assert.deepEqual(asked, [null, '100', '200'])
})

test('no more than 1,000 rows are loaded', async () => {
  const { asked, load } = pages(5000, 300)
  assert.equal((await everyPage(load)).length, 1000)
  assert.equal(asked.length, 4)
})

test('a list that names a next page but has no rows ends', async () => {
  assert.deepEqual(await everyPage(async () => ({ rows: [], next: 'x' })), [])
})
