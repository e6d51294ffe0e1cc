import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { buildVisitor, ownWords } from '../build.ts'

// What a reader downloads, gzip, bytes. `swarm.js` only by readers who take part, `notice.js` by those who are asked,
// `snapshot.js` when the page is idle.
const budgets = {
  'loader.js': 2 * 1024,
  'notice.js': 2 * 1024,
  'snapshot.js': 2.5 * 1024,
  'worker.js': 8 * 1024,
  'swarm.js': 21 * 1024,
}

describe('the bundles', () => {
  before(() => buildVisitor())

  for (const [name, budget] of Object.entries(budgets)) {
    test(`keep ${name} within ${budget / 1024} KiB`, async () => {
      const { length } = gzipSync(await readFile(new URL(`../dist/${name}`, import.meta.url)))
      assert.ok(length <= budget, `${length} bytes`)
    })
  }

  // The messages and codes of errors are removed, so no code in a bundle may depend on them.
  test('have no classes of errors', async () => {
    for (const name of Object.keys(budgets)) {
      const text = await readFile(new URL(`../dist/${name}`, import.meta.url), 'utf8')
      assert.doesNotMatch(text, /extends\s+\w*Error/, name)
    }
  })

  test('spell each internal word in one way, whatever folder its file is in', async () => {
    const text = await readFile(new URL('../dist/swarm.js', import.meta.url), 'utf8')
    const unshortened = ownWords.filter((word) => text.includes(`"${word}"`) || text.includes(`'${word}'`))
    assert.deepEqual(unshortened, [])
  })
})
