import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dependentsOf } from './module-graph.ts'

const texts: Readonly<Record<string, string>> = {
  'packages/a/package.json': JSON.stringify({ name: '@peerpress/a', exports: { '.': './src/index.ts' } }),
  'packages/a/src/index.ts': `export { one } from './one.ts'
    export { two, type Two } from './two.ts'`,
  'packages/a/src/one.ts': `import type { Two } from './two.ts'
    export const one: Two = 1`,
  'packages/a/src/two.ts': `export type Two = number
    export const two = 2`,
  'packages/a/src/main.ts': `import { two } from './two.ts'`,
  'packages/a/src/two.test.ts': `import { two } from './two.ts'`,
  'packages/b/package.json': JSON.stringify({ name: '@peerpress/b', exports: './dist/index.js' }),
  'packages/b/src/index.ts': `export const b = 1`,
  'test/one.test.ts': `import { one } from '@peerpress/a'`,
  'test/two.test.ts': `import { type One, two } from '@peerpress/a'`,
  'test/types.test.ts': `import { type Two } from '@peerpress/a'`,
  'test/process.test.ts': `spawn('packages/a/src/main.ts')`,
  'test/late.test.ts': `const { two } = await import('@peerpress/a')`,
  'test/built.test.ts': `import { b } from '@peerpress/b'`,
}
const sources = { files: new Set(Object.keys(texts)), read: (path: string) => texts[path] ?? '' }
const testsOf = (...changed: string[]) =>
  [...dependentsOf(changed, sources).keys()].filter((file) => file.includes('.test.')).toSorted()

test('an import from a package leads to the file that defines the name, and to no other', () => {
  assert.deepEqual(testsOf('packages/a/src/one.ts'), ['test/late.test.ts', 'test/one.test.ts'])
})

test('a file has the tests beside it, of processes that load it, and of packages that import it', () => {
  assert.deepEqual(testsOf('packages/a/src/two.ts'), [
    'packages/a/src/two.test.ts',
    'test/late.test.ts',
    'test/process.test.ts',
    'test/two.test.ts',
  ])
})

test('a built package is affected by each of its sources', () => {
  assert.deepEqual(testsOf('packages/b/src/index.ts'), ['test/built.test.ts'])
})

test('the distance is the least number of imports between two files', () => {
  const distances = dependentsOf(['packages/a/src/two.ts'], sources)
  assert.equal(distances.get('packages/a/src/two.ts'), 0)
  assert.equal(distances.get('packages/a/src/two.test.ts'), 1)
  assert.equal(distances.get('test/process.test.ts'), 2)
})
