import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { repositoryFiles } from '../development/changed-files.ts'
import { dependentsOf } from '../development/module-graph.ts'
import { repositoryDirectory } from '../repository.ts'

test('the command of the server loads nothing of the test bed; that of the demo does', async () => {
  const files = await repositoryFiles()
  const read = (path: string) => readFileSync(new URL(path, repositoryDirectory), 'utf8')
  const testbed = [...files].filter((file) => /^packages\/testbed\/src\/.*\.ts$/.test(file))
  const dependents = dependentsOf(testbed, { files, read })
  assert.ok(dependents.has('packages/cli/src/commands/demo.ts'))
  assert.ok(!dependents.has('packages/cli/src/commands/start.ts'))
})
