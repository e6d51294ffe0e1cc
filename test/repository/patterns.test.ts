import assert from 'node:assert/strict'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { type Expression, parseSync, type SpreadElement, Visitor } from 'oxc-parser'
import { check } from 'recheck'
import { isThorough } from '../support/thorough.ts'

/** A regular expression in the source. `source` is null when it is put together at run time. */
interface Pattern {
  readonly place: string
  readonly source: string | null
  readonly flags: string
}

/** Patterns that may take more than linear time, by file and source, each with the reason why nobody can use that. */
const exempt: Readonly<Record<string, string>> = {
  'packages/store/src/engine/server/cluster-statements.ts \\bORDER BY (\\(.*\\)|\\w+)':
    "reads the statements of this repository's own migrations",
  'packages/community/src/members/shown-host.ts null':
    'is one class of characters, repeated between the ends of the text',
}

/** ms for one pattern; the slowest takes 1 s with the native checker and 5 s with the one in JavaScript. */
const timeout = 60_000

const root = join(import.meta.dirname, '../..')

/** Patterns that the checker found safe in earlier runs. `--thorough` checks all of them again. */
const safeFile = join(root, '.cache/safe-patterns.json')

describe('regular expressions', { timeout: 600_000 }, () => {
  test('take at most linear time on any text', async () => {
    const patterns = globSync('packages/*/src/**/*.{ts,tsx,js}', { cwd: root })
      .filter((path) => !/\.(?:test|testing)\.tsx?$/.test(path))
      .flatMap((path) => patternsIn(path, readFileSync(join(root, path), 'utf8')))
    assert.ok(patterns.length > 100, `only ${patterns.length} patterns were found`)
    const safe = knownSafe()
    const { problems, used } = await problemsOf(patterns, safe)
    storeSafe(safe)
    assert.deepEqual(problems, [])
    assert.deepEqual(
      Object.keys(exempt).filter((key) => !used.has(key)),
      [],
      'exemptions of no pattern',
    )
  })

  test('are found and judged wherever they stand', async () => {
    const text = String.raw`const a = 1
      const late = /a(?=b)/g.test(x) ? text.replace(/,+$/, '') : /[/"]/
      const built = new RegExp('^(a+)+$', 'i')
      const other = RegExp(${'`'}^a${'$'}{x}${'`'})
      const fine = new RegExp(${'`'}^a$${'`'}), copy = new RegExp(fine)`
    const { problems } = await problemsOf(patternsIn('some.ts', text), new Set())
    assert.deepEqual(problems, [
      'some.ts:2 /,+$/ takes more than linear time: 2nd degree polynomial',
      'some.ts:3 /^(a+)+$/i takes more than linear time: exponential',
      'some.ts:4 is put together at run time and cannot be checked',
      'some.ts:5 is put together at run time and cannot be checked',
    ])
  })
})

/** Adds the patterns that it finds safe to `safe`, and does not check those that are in it. */
async function problemsOf(patterns: readonly Pattern[], safe: Set<string>) {
  const problems: string[] = []
  const used = new Set<string>()
  for (const { place, source, flags } of patterns) {
    const key = `${place.replace(/:\d+$/, '')} ${source}`
    if (key in exempt) used.add(key)
    else if (source === null) problems.push(`${place} is put together at run time and cannot be checked`)
    else if (!safe.has(`/${source}/${flags}`)) {
      const checked = await check(source, flags, {
        timeout,
        attackTimeout: null,
        incubationTimeout: null,
      })
      if (checked.status === 'vulnerable') {
        const { summary } = checked.complexity
        problems.push(`${place} /${source}/${flags} takes more than linear time: ${summary}`)
      } else if (checked.status !== 'safe') problems.push(`${place} /${source}/${flags} could not be checked`)
      else safe.add(`/${source}/${flags}`)
    }
  }
  return { problems, used }
}

function knownSafe(): Set<string> {
  if (isThorough) return new Set()
  try {
    return new Set(JSON.parse(readFileSync(safeFile, 'utf8')) as readonly string[])
  } catch {
    return new Set()
  }
}

function storeSafe(safe: ReadonlySet<string>): void {
  mkdirSync(dirname(safeFile), { recursive: true })
  writeFileSync(safeFile, JSON.stringify([...safe]))
}

function patternsIn(path: string, text: string): Pattern[] {
  const found: Pattern[] = []
  const add = (start: number, pattern: Pick<Pattern, 'source' | 'flags'>) => {
    found.push({ place: `${path}:${text.slice(0, start).split('\n').length}`, ...pattern })
  }
  const addBuilt = (node: {
    readonly start: number
    readonly callee: Expression
    readonly arguments: readonly (Expression | SpreadElement)[]
  }) => {
    if (node.callee.type !== 'Identifier' || node.callee.name !== 'RegExp') return
    const [source, flags] = node.arguments
    add(node.start, { source: constantText(source), flags: constantText(flags) ?? '' })
  }
  const { program, errors } = parseSync(path, text)
  assert.deepEqual(errors, [], path)
  new Visitor({
    Literal: (node) => {
      if (!('regex' in node)) return
      const { pattern, flags } = node.regex
      add(node.start, { source: pattern, flags })
    },
    NewExpression: addBuilt,
    CallExpression: addBuilt,
  }).visit(program)
  return found
}

function constantText(node: Expression | SpreadElement | undefined): string | null {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : null
  if (node?.type !== 'TemplateLiteral' || node.expressions.length > 0) return null
  return node.quasis[0]?.value.cooked ?? null
}
