import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { generate } from '@graphql-codegen/cli'
import config from '../codegen.ts'

test('the typed queries are current; to write them again: npm run graphql -w packages/dashboard', async () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const outputs: unknown = await generate({ ...config, cwd, silent: true }, false)
  assert.ok(Array.isArray(outputs) && outputs.length === 1)
  const [{ filename, content }] = outputs as [{ filename: string; content: string }]
  const stored = await readFile(new URL(`../${filename}`, import.meta.url), 'utf8')
  // The difference would be pages long.
  assert.ok(stored === content, `${filename} is out of date`)
})
