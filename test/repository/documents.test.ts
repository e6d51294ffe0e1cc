import assert from 'node:assert/strict'
import { access, glob, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { before, suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { repositoryDirectory } from '@peerpress/cli'
import { buildSchema, parse, validate } from 'graphql'

const root = fileURLToPath(repositoryDirectory)

/** Folders at the top of the repository whose paths the documents name. */
const topFolders = 'packages|plugins|test|bench|docs|\\.github|\\.ci|\\.changeset'

interface Document {
  /** Path from the repository's root. */
  readonly path: string
  readonly text: string
}

suite('the documents', () => {
  let documents: readonly Document[]

  before(async () => {
    const found: Document[] = []
    for await (const path of glob('{*.md,docs/**/*.md,.github/**/*.md,packages/*/README.md}', {
      cwd: root,
      exclude: ['**/node_modules/**'],
    }))
      found.push({ path, text: await readFile(join(root, path), 'utf8') })
    documents = found.toSorted((a, b) => a.path.localeCompare(b.path))
  })

  /** A decision describes the code of its day, so its paths may be gone. */
  const current = () => documents.filter(({ path }) => !path.startsWith('docs/decisions/'))

  test('name only files and folders that exist', async () => {
    const missing: string[] = []
    for (const { path, text } of current()) {
      for (const named of namedPaths(text))
        if (!(await exists(named))) missing.push(`${path}: ${named}${await elsewhere(named)}`)
    }
    assert.deepEqual(missing, [])
  })

  test('name functions that their files contain', async () => {
    const missing: string[] = []
    for (const { path, text } of current()) {
      for (const { file, names } of namedCode(text)) {
        if (!(await exists(file))) continue
        const code = await readFile(join(root, file), 'utf8')
        for (const name of names)
          if (!new RegExp(`\\b${name}\\b`).test(code)) missing.push(`${path}: ${file} has no ${name}`)
      }
    }
    assert.deepEqual(missing, [])
  })

  test('link to files and headings that exist', async () => {
    const broken: string[] = []
    for (const { path, text } of documents) {
      for (const link of relativeLinks(text)) {
        const [file = '', heading] = link.split('#')
        const target = file === '' ? path : join(dirname(path), file)
        if (!(await exists(target))) broken.push(`${path}: ${link}`)
        else if (
          heading !== undefined &&
          !headingsOf(await readFile(join(root, target), 'utf8')).has(heading)
        )
          broken.push(`${path}: ${link} (no such heading)`)
      }
    }
    assert.deepEqual(broken, [])
  })

  test('show GraphQL queries that the schema accepts', async () => {
    const schema = buildSchema(await readFile(join(root, 'packages/api/schema.graphql'), 'utf8'))
    const shown = current().flatMap(({ path, text }) =>
      fences(text, 'graphql').map((query) => ({ path, query })),
    )
    assert.ok(shown.length > 0)
    for (const { path, query } of shown) {
      const errors = validate(schema, parse(query)).map(({ message }) => message)
      assert.deepEqual(errors, [], `${path}:\n${query}`)
    }
  })

  test('show commands and options that ./peerpress has', async () => {
    const usages = new Map<string, string>()
    const unknown: string[] = []
    for (const { path, text } of current()) {
      for (const { command, options } of shownCommands(text)) {
        const usage = usages.get(command) ?? (await usageOf(command))
        usages.set(command, usage)
        if (usage === '') unknown.push(`${path}: ./peerpress ${command}`)
        for (const option of options)
          if (option !== '--help' && !new RegExp(`${option}(?![\\w-])`).test(usage))
            unknown.push(`${path}: ./peerpress ${command} ${option}`)
      }
    }
    assert.deepEqual(unknown, [])
  })

  test('keep ARCHITECTURE.md to 1,500 words and one diagram', () => {
    const text = documents.find(({ path }) => path === 'ARCHITECTURE.md')?.text ?? ''
    const words = text.split(/\s+/).filter(Boolean).length
    assert.ok(words <= 1500, `${words} words`)
    assert.equal(fences(text, 'mermaid').length, 1)
  })

  test('state in ARCHITECTURE.md how many addresses a network learns', async () => {
    const text = documents.find(({ path }) => path === 'ARCHITECTURE.md')?.text ?? ''
    const source = await readFile(join(root, 'packages/tracker/src/rooms/exchanges.ts'), 'utf8')
    const bound = /^const maxAddresses = (\d+)$/m.exec(source)?.[1]
    assert.match(text.replaceAll(/\s+/g, ' '), new RegExp(`at most ${bound} addresses an hour`))
  })

  test('describe every package in ARCHITECTURE.md', async () => {
    const text = documents.find(({ path }) => path === 'ARCHITECTURE.md')?.text ?? ''
    for await (const manifest of glob('packages/*/package.json', { cwd: root })) {
      const folder = dirname(manifest)
      assert.ok(text.includes(`| \`${folder}\``), `${folder} is missing from the table of packages`)
    }
  })
})

/** What `./peerpress COMMAND --help` prints; empty if there is no such command. */
async function usageOf(command: string): Promise<string> {
  const file = `packages/cli/src/commands/${command}.ts`
  if (!(await exists(file))) return ''
  const exported = (await import(new URL(file, repositoryDirectory).href)) as Record<string, unknown>
  const described = Object.values(exported).find(
    (value) => typeof value === 'object' && value !== null && 'usage' in value,
  ) as { readonly usage: string } | undefined
  return described?.usage ?? ''
}

async function exists(path: string): Promise<boolean> {
  if (path.includes('*') || path.includes('{')) {
    for await (const _ of glob(path, { cwd: root })) return true
    return false
  }
  return access(join(root, path)).then(
    () => true,
    () => false,
  )
}

/** Where a file of the same name is now, for the message of a failed test. */
async function elsewhere(path: string): Promise<string> {
  const places: string[] = []
  const pattern = `{packages,plugins,test,bench}/**/${basename(path)}`
  for await (const place of glob(pattern, { cwd: root, exclude: ['**/node_modules/**'] })) places.push(place)
  return places.length === 0 ? '' : ` (is it ${places.join(' or ')}?)`
}

/** Paths in inline code that begin with a folder of the repository. Built files are not there before a build. */
function namedPaths(text: string): string[] {
  const code = new RegExp(`\`((?:${topFolders})/[^\`\\s]*)\``, 'g')
  return [...text.matchAll(code)].map(([, path = '']) => path).filter((path) => !path.includes('/dist/'))
}

/** Files in inline code, each followed by names in brackets: `packages/a/src/b.ts` (`c`, `d`). */
function namedCode(text: string): { readonly file: string; readonly names: readonly string[] }[] {
  const pattern = new RegExp(`\`((?:${topFolders})/[^\`\\s]*)\`\\s+\\((\`\\w+\`(?:,\\s+\`\\w+\`)*)\\)`, 'g')
  return [...text.matchAll(pattern)].map(([, file = '', names = '']) => ({
    file,
    names: [...names.matchAll(/\w+/g)].map(([name]) => name),
  }))
}

function relativeLinks(text: string): string[] {
  const links = [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)]
  return links
    .map(([, inline, attribute]) => inline ?? attribute ?? '')
    .filter((link) => !/^[a-z]+:/.test(link))
}

/** Anchors of a document's headings, as GitHub makes them. */
function headingsOf(text: string): Set<string> {
  const headings = [...withoutFences(text).matchAll(/^#+ (.+)$/gm)]
  return new Set(
    headings.map(([, heading = '']) =>
      heading
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

/** The contents of a document's fenced blocks in one language. */
function fences(text: string, language: string): string[] {
  const blocks = [...text.matchAll(/^ *```(\w*)\n([\s\S]*?)^ *```$/gm)]
  return blocks.filter(([, of]) => of === language).map(([, , content = '']) => content)
}

function withoutFences(text: string): string {
  return text.replaceAll(/^ *```\w*\n[\s\S]*?^ *```$/gm, '')
}

/** Every `./peerpress COMMAND` with the options on its line; a comment and a next command end it. */
function shownCommands(text: string): { readonly command: string; readonly options: readonly string[] }[] {
  const lines = [...text.matchAll(/\.\/peerpress ([a-z]+)([^\n`#|]*)/g)]
  return lines.map(([, command = '', rest = '']) => ({
    command,
    options: [...rest.matchAll(/(?<=\s)--[a-z-]+/g)].map(([option]) => option),
  }))
}
