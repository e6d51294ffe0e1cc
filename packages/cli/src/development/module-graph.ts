import { dirname, join } from 'node:path'
import { parseSync, type StaticExportEntry } from 'oxc-parser'

/** Reads sources of a repository. Paths are relative to its folder. */
export interface Sources {
  /** All tracked and new files. */
  readonly files: ReadonlySet<string>
  /** The text of a file. */
  readonly read: (path: string) => string
}

/** A package of the workspace. */
interface Package {
  readonly directory: string
  readonly exports: Readonly<Record<string, string>>
}

/** An import of one file by another. */
interface Edge {
  readonly target: string
  /** The imported names; null: everything. */
  readonly names: readonly string[] | null
}

/**
 * Returns for each file that loads one of the `changed` files the least number of imports between them. An import from a
 * package leads to the files that define the imported names, not to all files of the package. Imports of types alone
 * load nothing: the type checker sees to them. A path in quotes such as `packages/cli/src/main.ts`, which tests start as
 * a process, counts as an import.
 */
export function dependentsOf(changed: readonly string[], { files, read }: Sources): Map<string, number> {
  const packages = packagesOf({ files, read })
  const importers = new Map<string, Set<string>>()
  for (const file of files) {
    if (!isSource(file)) continue
    for (const target of targetsOf(file, { files, read, packages })) {
      const known = importers.get(target)
      if (known === undefined) importers.set(target, new Set([file]))
      else known.add(file)
    }
  }
  const distances = new Map<string, number>()
  let edge = [...changed]
  for (let distance = 0; edge.length > 0; distance++) {
    const next = new Set<string>()
    for (const file of edge) {
      if (distances.has(file)) continue
      distances.set(file, distance)
      for (const importer of importers.get(file) ?? []) next.add(importer)
    }
    edge = [...next]
  }
  return distances
}

interface Repository extends Sources {
  readonly packages: ReadonlyMap<string, Package>
}

const isSource = (path: string): boolean => /\.(?:ts|tsx|mjs)$/.test(path)

/** Follows re-exports of an index to the files that define the names. */
function targetsOf(file: string, repository: Repository): Set<string> {
  const targets = new Set<string>()
  const follow = ({ target, names }: Edge, depth: number): void => {
    if (!repository.files.has(target)) return
    const isIndex = target.endsWith('/index.ts') && depth < 4
    if (!isIndex || names === null) {
      targets.add(target)
      return
    }
    const wanted = new Set(names)
    for (const reexport of reexportsOf(target, repository)) {
      const some = reexport.names?.filter((name) => wanted.has(name)) ?? names
      if (some.length > 0) follow({ target: reexport.target, names: some }, depth + 1)
    }
  }
  for (const edge of edgesOf(file, repository)) {
    // What an index exports is an edge of those that import from it.
    if (file.endsWith('/index.ts')) targets.add(edge.target)
    else follow(edge, 0)
  }
  return targets
}

const fileUrl = /\bnew URL\('([^']+)'|\bimport\.meta\.(?:dirname, |resolve\()'([^']+)'/g
const quotedPath = /'((?:packages|test|bench|plugins)\/[^' ]+\.(?:ts|mjs))'/g

function edgesOf(file: string, repository: Repository): Edge[] {
  const text = repository.read(file)
  const edges: Edge[] = []
  const add = (specifier: string, names: readonly string[] | null) =>
    edges.push(...resolve(specifier, names, { file, repository }))
  const { staticImports, staticExports, dynamicImports } = parseSync(file, text).module
  for (const { moduleRequest, entries } of staticImports) {
    const loaded = entries.filter(({ isType }) => !isType)
    // An import without names runs the module; one of types alone does not.
    if (entries.length > 0 && loaded.length === 0) continue
    const names = loaded.map(({ importName }) => importName.name)
    add(moduleRequest.value, names.includes(null) || names.length === 0 ? null : (names as string[]))
  }
  for (const { specifier, name } of staticExports.flatMap(({ entries }) => reexported(entries))) {
    add(specifier, name === null ? null : [name])
  }
  for (const { moduleRequest } of dynamicImports) {
    const specifier = text.slice(moduleRequest.start, moduleRequest.end)
    if (/^['"]/.test(specifier)) add(specifier.slice(1, -1), null)
  }
  for (const [, url, path] of text.matchAll(fileUrl)) {
    const specifier = url ?? path ?? ''
    add(specifier.startsWith('@') ? specifier : `./${specifier}`, null)
  }
  for (const [, path] of text.matchAll(quotedPath)) edges.push({ target: path ?? '', names: null })
  return edges
}

function reexportsOf(index: string, repository: Repository): Edge[] {
  const { staticExports } = parseSync(index, repository.read(index)).module
  return staticExports
    .flatMap(({ entries }) => reexported(entries))
    .flatMap(({ specifier, name }) =>
      resolve(specifier, name === null ? null : [name], { file: index, repository }),
    )
}

/** The values that a module exports from other modules. `name` is null for all of a module. */
function reexported(entries: readonly StaticExportEntry[]) {
  return entries.flatMap(({ moduleRequest, importName, isType }) =>
    moduleRequest === null || isType ? [] : [{ specifier: moduleRequest.value, name: importName.name }],
  )
}

function resolve(
  specifier: string,
  names: readonly string[] | null,
  { file, repository }: { readonly file: string; readonly repository: Repository },
): Edge[] {
  if (specifier.startsWith('.')) return [{ target: join(dirname(file), specifier), names }]
  const [, name = '', path = ''] = /^(@peerpress\/[\w-]+)(\/.*)?$/.exec(specifier) ?? []
  const found = repository.packages.get(name)
  if (found === undefined) return []
  const target = found.exports[`.${path}`]
  if (target !== undefined && !target.includes('/dist/') && !target.startsWith('dist/')) {
    return [{ target: join(found.directory, target), names }]
  }
  // A built file has all sources of its package in it.
  const sources = [...repository.files].filter((other) => other.startsWith(`${found.directory}/src/`))
  return sources.filter((other) => !isTest(other)).map((other) => ({ target: other, names: null }))
}

const isTest = (path: string): boolean => /\.(?:test|testing)\.tsx?$/.test(path)

function packagesOf({ files, read }: Sources): Map<string, Package> {
  const packages = new Map<string, Package>()
  for (const file of files) {
    if (!/^(?:packages|plugins)\/[^/]+\/package\.json$/.test(file)) continue
    const manifest = JSON.parse(read(file)) as { readonly name: string; readonly exports?: unknown }
    packages.set(manifest.name, { directory: dirname(file), exports: exportsOf(manifest.exports) })
  }
  return packages
}

function exportsOf(exported: unknown): Record<string, string> {
  const entries = Object.entries(typeof exported === 'object' && exported !== null ? exported : {})
  return Object.fromEntries(
    entries.flatMap(([path, target]: [string, unknown]): [string, string][] => {
      if (typeof target === 'string') return [[path, target]]
      const fallback = (target as { readonly default?: unknown } | null)?.default
      return typeof fallback === 'string' ? [[path, fallback]] : []
    }),
  )
}
