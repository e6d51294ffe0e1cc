import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { schemaFile, schemaText } from './schema-text.ts'

test('schema.graphql is current; to write it again: npm run schema -w packages/api', async () => {
  assert.equal(await readFile(schemaFile, 'utf8'), schemaText())
})
