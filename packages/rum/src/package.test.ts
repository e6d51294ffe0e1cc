import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { buildRum } from '../build.ts'

before(() => buildRum())

test('every entry point of the package leads to a packed file', async () => {
  const pkgDir = fileURLToPath(new URL('..', import.meta.url))
  const { messages, pkg } = await publint({ pkgDir, pack: 'npm', strict: true })
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  )
})
