import assert from 'node:assert/strict'
import { test } from 'node:test'
import { probe } from './probe.ts'

test('a probe refuses what is no address of a page, and options that exclude each other', async () => {
  const url = 'https://example.org/'
  for (const words of [
    [],
    ['not an address'],
    ['ftp://example.org/'],
    ['https://user:secret@example.org/'],
    [url, url],
    [url, '--http', '--browser'],
  ]) {
    await assert.rejects(probe.run(words), (error: Error & { code: string }) => {
      assert.equal(error.code, 'usage')
      assert.doesNotMatch(error.message, /secret/)
      return true
    })
  }
})
