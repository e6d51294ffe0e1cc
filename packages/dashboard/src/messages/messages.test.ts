import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { catalogue } from './catalogue.ts'
import { literalTexts } from './literal-texts.testing.ts'

const source = new URL('..', import.meta.url)

test('every text of a component is in the catalogue', async () => {
  let count = 0
  for await (const file of glob(['components/**/*.tsx', 'pages/**/*.tsx'], { cwd: source })) {
    count++
    const text = await readFile(new URL(file, source), 'utf8')
    assert.deepEqual(literalTexts(file, text), [], file)
  }
  assert.ok(count > 100)
})

test('a text outside the catalogue is found in every place where it would be shown', () => {
  const found = (jsx: string) => literalTexts('page.tsx', `export const page = (name: string) => ${jsx}`)
  assert.deepEqual(found('<p>Loading…</p>'), ['Loading…'])
  assert.deepEqual(found('<p>\n  and {name}\n</p>'), ['and'])
  assert.deepEqual(found('<Field label="Name" />'), ['Name'])
  assert.deepEqual(found('<b aria-label={`Remove ${name}`} />'), ['Remove '])
  assert.deepEqual(found("<b>{name === '' ? 'Send again' : name}</b>"), ['Send again'])
  assert.deepEqual(found("confirm('Remove it for ever?')"), ['Remove it for ever?'])
  assert.deepEqual(found('<a class="quiet button" href="/sites">{name}</a>'), [])
  assert.deepEqual(found('<code>./peerpress start</code>'), [])
})

test('no text of the catalogue is empty or has stray white space', () => {
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string') {
      assert.notEqual(value.trim(), '', path)
      assert.doesNotMatch(value, / {2}|\t|\n/, path)
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`)
    }
  }
  walk(catalogue, 'catalogue')
})
