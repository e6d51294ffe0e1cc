import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { before, suite, test } from 'node:test'
import { repositoryDirectory } from '@peerpress/cli'

const root = fileURLToPath(repositoryDirectory)

/**
 * Licences under which others' code may ship with PeerPress, by SPDX id. None of them asks that PeerPress itself has the same
 * licence: MPL-2.0 covers its own files alone.
 */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'PDDL-1.0',
  'Python-2.0',
  'Unlicense',
])

/** Licences that packages name in another way than SPDX. */
const spellings: Readonly<Record<string, string>> = { 'MPL 2.0': 'MPL-2.0' }

/** Packages whose built files have the code of what they import, also of development dependencies. */
const bundled = ['packages/dashboard', 'packages/rum', 'packages/visitor']

interface Locked {
  readonly link?: boolean
  readonly resolved?: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

suite('the licences of what ships', () => {
  let locked: Readonly<Record<string, Locked>>
  let shipped: ReadonlyMap<string, string>

  before(async () => {
    const lockfile = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, Locked>>
    }
    locked = lockfile.packages
    shipped = await shippedPackages()
  })

  test('permit it: no AGPL, no GPL, and nothing without a licence', () => {
    assert.ok(shipped.size > 200, `${shipped.size} packages`)
    const refused = [...shipped].filter(([, licence]) => !isAllowed(licence))
    assert.deepEqual(refused, [])
  })

  test('are those of all dependencies, also of bundled ones', () => {
    const names = new Set([...shipped.keys()].map((path) => path.replace(/^.*node_modules\//, '')))
    for (const name of [
      '@clickhouse/client',
      '@simplewebauthn/server',
      'dataloader',
      'express',
      'graphiql',
      'graphql-yoga',
      'node-datachannel',
      'openid-client',
      'pg-boss',
      'preact',
      'react',
      'topojson-client',
      'uplot',
      'world-atlas',
    ])
      assert.ok(names.has(name), name)
    assert.ok(!names.has('typescript'), 'a tool does not ship')
  })

  test('are told apart', () => {
    for (const good of ['MIT', 'MPL 2.0', '(MIT OR CC0-1.0)', '(AGPL-3.0 OR MIT)', 'MIT AND ISC'])
      assert.ok(isAllowed(good), good)
    for (const bad of [
      '',
      'AGPL-3.0-only',
      'GPL-2.0-or-later',
      'MIT AND GPL-3.0',
      'UNLICENSED',
      'SEE LICENSE IN X',
    ])
      assert.ok(!isAllowed(bad), bad)
  })

  /** Returns the licences of all packages that ship, by their paths. */
  async function shippedPackages(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    const pending: { readonly from: string; readonly name: string; readonly isOptional: boolean }[] = []
    const add = (from: string, { dependencies, optionalDependencies }: Locked) => {
      for (const name of Object.keys(dependencies ?? {})) pending.push({ from, name, isOptional: false })
      for (const name of Object.keys(optionalDependencies ?? {}))
        pending.push({ from, name, isOptional: true })
    }
    for (const [path, entry] of Object.entries(locked)) {
      if (/^packages\/[^/]+$/.test(path)) add(path, entry)
    }
    for (const folder of bundled) {
      for (const name of await importedBy(folder)) pending.push({ from: folder, name, isOptional: false })
    }
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const path = resolve(next.from, next.name)
      if (path === null) {
        if (!next.isOptional) found.set(`${next.from} needs ${next.name}`, '')
        continue
      }
      const entry = locked[path] as Locked
      // One of our own packages.
      if (entry.link === true || found.has(path)) continue
      found.set(path, await licenceOf(path, entry))
      add(path, entry)
    }
    return found
  }

  /** Returns where Node finds a package: in the nearest folder above. */
  function resolve(from: string, name: string): string | null {
    for (let folder = from; ; folder = folder.replace(/\/?[^/]*$/, '')) {
      const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
      if (path in locked) return path
      if (folder === '') return null
    }
  }
})

/** Returns the licence in a package's own manifest; that of the lockfile if this machine does not have the package. */
async function licenceOf(path: string, { license }: Locked): Promise<string> {
  const text = await readFile(join(root, path, 'package.json'), 'utf8').catch(() => null)
  if (text === null) return license ?? ''
  const manifest = JSON.parse(text) as {
    readonly license?: string | { readonly type?: string }
    readonly licenses?: readonly { readonly type?: string }[]
  }
  if (typeof manifest.license === 'string') return manifest.license
  return manifest.license?.type ?? manifest.licenses?.map(({ type = '' }) => type).join(' AND ') ?? ''
}

/** Returns the packages whose code a bundle takes in. */
async function importedBy(folder: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  for await (const file of glob('src/**/*.{ts,tsx}', { cwd: join(root, folder) })) {
    if (/\.(?:test|testing)\.tsx?$/.test(file)) continue
    const text = await readFile(join(root, folder, file), 'utf8')
    for (const [statement, specifier = ''] of text.matchAll(
      /^(?:(?:import|export) (?:[^'\n]* from )?|\} from )'([@\w][^'\n]*)'$/gm,
    )) {
      if (specifier.startsWith('node:') || /^(?:import|export) type/.test(statement)) continue
      names.add(
        specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/'),
      )
    }
  }
  return names
}

/** Whether a licence, as an SPDX expression, is one of those that permit to ship. */
function isAllowed(licence: string): boolean {
  const text = licence.replace(/^\((.*)\)$/, '$1')
  return text
    .split(' OR ')
    .some((option) => option.split(' AND ').every((id) => allowed.has(spellings[id] ?? id)))
}
