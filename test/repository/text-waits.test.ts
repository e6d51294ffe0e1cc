import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')

/** A wait for a text, with what follows the selector. */
const textWait = /waitForSelector\(\s*(?:'[^']*::-p-text[^']*'|`[^`]*::-p-text[^`]*`)(?<after>,?)/g

// Without that option Puppeteer looks again at each mutation, and begins to listen for them only after its first look has ended:
// a text that appears in between is never seen.
test('waits for a text look at every frame: they have the option visible or hidden', () => {
  const files = globSync('{test,packages/*/src}/**/*.ts', { cwd: root })
  const places = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(textWait)].map((found) => ({
      file,
      hasOption: found.groups?.['after'] === ',',
    })),
  )
  assert.ok(places.length > 50, `only ${places.length} waits were found`)
  assert.deepEqual(
    places.filter(({ hasOption }) => !hasOption),
    [],
  )
})
