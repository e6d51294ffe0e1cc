import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { before, suite, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { buildRum, rumBundle, rumModule } from '../build.ts'

suite('rum.js', () => {
  let code: Buffer

  before(async () => {
    await buildRum()
    code = await readFile(rumBundle)
  })

  test('is at most 9.5 KiB after gzip', () => {
    const { length } = gzipSync(code, { level: 9 })
    assert.ok(length <= 9.5 * 1024, `rum.js is ${length} bytes after gzip`)
  })

  test('is no smaller than the module', async () => {
    const { length } = gzipSync(await readFile(rumModule), { level: 9 })
    assert.ok(length <= gzipSync(code, { level: 9 }).length, `index.js is ${length} bytes after gzip`)
  })

  test('neither reads nor writes a cookie, and stores nothing beyond the tab except undelivered reports', () => {
    const text = code.toString()
    assert.doesNotMatch(text, /\.cookie\b|localStorage\.(?!getItem)|localStorage\[|caches\b/)
    // The database is opened in one place and removed in one place.
    assert.deepEqual(text.match(/indexedDB\.\w+/g)?.toSorted(), [
      'indexedDB.deleteDatabase',
      'indexedDB.open',
    ])
  })
})
