import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { messages } from './messages.ts'

const source = new URL('..', import.meta.url)

/** Folders whose texts are all in the catalogue. */
const folders = [
  'components/annotations',
  'components/charts',
  'components/controls',
  'components/figures',
  'components/map',
  'components/tables',
  'pages/delivery',
  'pages/overview',
  'pages/posts',
  'pages/regions',
  'pages/speed',
]

test('the texts of report pages are in the catalogue', async () => {
  for (const folder of folders) {
    for await (const file of glob(`${folder}/*.tsx`, { cwd: source })) {
      const text = await readFile(new URL(file, source), 'utf8')
      const jsx = [
        ...text.matchAll(/^\s+([A-Z][a-z’]+(?: [a-z’]+)+[.,]?)$/gm),
        ...text.matchAll(/>([A-Z][a-z ]{2,})</g),
      ]
      const attributes = text.matchAll(
        /\b(?:title|label|caption|header|aria-label|placeholder)="([A-Z][^"]*)"/g,
      )
      assert.deepEqual(
        [...jsx, ...attributes].map(([, found]) => found),
        [],
        file,
      )
    }
  }
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
  walk(messages, 'messages')
})
