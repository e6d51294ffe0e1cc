import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Relative specifiers of `import` and `export … from`, of types and of `import()` as well. */
const specifiers = /\b(?:from|import)\s*\(?\s*'(\.[^']*)'/g

/** Returns the files that each TypeScript file of the repository imports by a relative path. */
function importsByFile(): Map<string, readonly string[]> {
  const listed = execFileSync('git', ['ls-files', '*.ts', '*.tsx'], { cwd: root, encoding: 'utf8' })
  const files = listed.split('\n').filter((file) => file !== '' && !file.startsWith('test/fixtures/'))
  const known = new Set(files)
  return new Map(
    files.map((file) => {
      const imported = [...readFileSync(join(root, file), 'utf8').matchAll(specifiers)].map(([, path = '']) =>
        normalize(join(dirname(file), path)),
      )
      return [file, imported.filter((path) => known.has(path))]
    }),
  )
}

/** Returns the paths that lead from a file back to itself, one for each import that closes a cycle. */
function cyclesIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const path: string[] = []
  const cycles: string[] = []
  const visit = (file: string): void => {
    if (done.has(file)) return
    const start = path.indexOf(file)
    if (start >= 0) {
      cycles.push([...path.slice(start), file].join(' → '))
      return
    }
    path.push(file)
    for (const next of imports.get(file) ?? []) visit(next)
    path.pop()
    done.add(file)
  }
  for (const file of imports.keys()) visit(file)
  return cycles
}

test('the search finds a cycle, through any number of files', () => {
  const imports = (text: string) =>
    new Map(text.split(' ').map((edge) => [edge.slice(0, 1), edge.slice(1).split('')] as const))
  assert.deepEqual(cyclesIn(imports('ab bc c')), [])
  assert.deepEqual(cyclesIn(imports('ab bc cb')), ['b → c → b'])
  assert.deepEqual(cyclesIn(imports('aa')), ['a → a'])
})

/**
 * Cycles that are still to be broken. The engine's peer, chunk map and assembly refer to each other's types: a peer and a map
 * hold the assemblies of their chunks, and an assembly has its peer and its map.
 */
const open = [
  ['download/assembly.ts', 'download/chunk-map.ts', 'download/assembly.ts'],
  ['download/assembly.ts', 'peers/peer.ts', 'download/assembly.ts'],
].map((files) => files.map((file) => `packages/swarm/src/${file}`).join(' → '))

test('no file imports itself through others, not even for a type', () => {
  assert.deepEqual(cyclesIn(importsByFile()), open)
})
