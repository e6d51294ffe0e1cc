import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { before, suite, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { buildRum, rumBundle } from '../build.ts'

suite('rum.js', () => {
  let code: Buffer

  before(async () => {
    await buildRum()
    code = await readFile(rumBundle)
  })

  test('is at most 9 KB after gzip', () => {
    const { length } = gzipSync(code, { level: 9 })
    assert.ok(length <= 9 * 1024, `rum.js is ${length} bytes after gzip`)
  })

  test('neither reads nor writes a cookie, and writes nothing that outlives the tab', () => {
    assert.doesNotMatch(
      code.toString(),
      /\.cookie\b|localStorage\.(?!getItem)|localStorage\[|indexedDB|caches\b/,
    )
  })
})
