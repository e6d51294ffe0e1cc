import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { test } from 'node:test'
import { metricsByPath } from '../model/catalogue/catalogue.ts'
import { generatedFiles } from './generated-files.ts'

for (const { file, text } of generatedFiles) {
  test(`${basename(file.pathname)} is current; to write it again: npm run reference -w packages/store`, async () => {
    assert.equal(await readFile(file, 'utf8'), text())
  })
}

test('every metric has a label and a description that ends as a sentence', () => {
  for (const [path, { label, description }] of metricsByPath) {
    assert.match(label, /^[A-Z][^']+$/, path)
    assert.match(description, /^[A-Z].*\.$/s, path)
  }
})
