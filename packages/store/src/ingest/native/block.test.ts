import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Connection } from '../../engine/connection.ts'
import { connectEmbedded } from '../../engine/embedded/embedded-connection.ts'
import type { ColumnType } from '../../model/column-type.ts'
import { type Column, nativeBlock } from './block.ts'

const text = fc.oneof(
  fc.constantFrom('', 'NL', 'ü 日本 😀', 'x'.repeat(127), 'ü'.repeat(70), 'y'.repeat(20_000)),
  fc.string({ unit: 'grapheme' }),
)
const real = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 })
/** What 32 bits hold exactly is printed as it is. */
const single = fc.integer({ min: -(2 ** 16), max: 2 ** 16 }).map((n) => n / 8)
const time = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2105-12-31'), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 23)}`)
const whole = (bits: number) => fc.oneof(fc.constantFrom(0, 2 ** bits - 1), fc.nat(2 ** bits - 1))
const whole64 = fc.oneof(fc.bigInt(0n, (1n << 64n) - 1n).map(String), fc.maxSafeNat())

/** Values of each type, and how the engine prints them as JSON. */
const types: Readonly<Partial<Record<ColumnType, fc.Arbitrary<unknown>>>> = {
  UInt16: whole(16),
  UInt32: whole(32).map((value) => value >>> 0),
  Float32: single,
  Float64: real,
  UInt64: whole64.map(String),
  Bool: fc.boolean(),
  String: text,
  UUID: fc.uuid(),
  "DateTime64(3, 'UTC')": time,
  'Nullable(String)': fc.option(text),
  'Nullable(UUID)': fc.option(fc.uuid()),
  'Nullable(Bool)': fc.option(fc.boolean()),
  'Nullable(Float32)': fc.option(single),
  'Nullable(UInt64)': fc.option(whole64.map(String)),
  'LowCardinality(String)': text,
  'LowCardinality(Nullable(String))': fc.option(text),
  'Array(Tuple(name String, count UInt32, value Nullable(Float64)))': fc.array(
    fc.record({ name: text, count: whole(20), value: fc.option(real) }, { noNullPrototype: true }),
    { maxLength: 4 },
  ),
}
const entries = Object.entries(types) as [ColumnType, fc.Arbitrary<unknown>][]

describe('a block of the Native format', { timeout: 120_000 }, () => {
  let directory: string
  let engine: Connection
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'native-'))
    engine = await connectEmbedded(join(directory, 'store'), { queryTime: 30_000, memory: 2 * 1024 ** 3 })
  })
  after(async () => {
    await engine.close()
    await rm(directory, { recursive: true })
  })

  async function read(
    columns: readonly Column[],
    ...blocks: readonly (readonly unknown[])[][]
  ): Promise<unknown[]> {
    const path = join(directory, 'block.native')
    await writeFile(path, Buffer.concat(blocks.map((rows) => nativeBlock(columns, rows))))
    const names = columns.map(({ name, type }) =>
      type.includes('UInt64') ? `if(isNull(${name}), NULL, toString(${name})) AS ${name}_text` : name,
    )
    return engine.query(`SELECT ${names.join(', ')} FROM file('${path}', Native)`, {})
  }

  test('is read by the engine as it was written, whatever the values are', async () => {
    const rows = fc.array(fc.tuple(...entries.map(([, values]) => values)), { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(fc.array(rows, { minLength: 1, maxLength: 3 }), async (blocks) => {
        const columns = entries.map(([type], i) => ({ name: `c${i}`, type }))
        const answer = await read(columns, ...blocks)
        const printed = blocks.flat().map((row) => {
          const fields = row.map((value, i) => {
            const name = entries[i]?.[0].includes('UInt64') ? `c${i}_text` : `c${i}`
            return [name, value]
          })
          return Object.fromEntries(fields)
        })
        assert.deepEqual(answer, printed)
      }),
      { numRuns: 30 },
    )
  })

  test('has room for more different texts than a byte and than two bytes can number', async () => {
    for (const many of [256, 257, 65_537]) {
      const rows = Array.from({ length: many + 1 }, (_, i) => [i === many ? null : `text ${i}`])
      const [row] = await read([{ name: 'a', type: 'LowCardinality(Nullable(String))' }], rows)
      assert.deepEqual(row, { a: 'text 0' })
      const path = join(directory, 'block.native')
      const [counted] = await engine.query(
        `SELECT uniqExact(a) AS texts, countIf(a IS NULL) AS nulls, any(a) AS first, anyLast(a) AS last
         FROM file('${path}', Native)`,
        {},
      )
      assert.deepEqual([Number(counted?.['texts']), Number(counted?.['nulls'])], [many, 1])
      assert.deepEqual([counted?.['first'], counted?.['last']], ['text 0', `text ${many - 1}`])
    }
  })

  for (const [type, wrong] of [
    ['UInt16', 65_536],
    ['UInt16', -1],
    ['UInt32', 0.5],
    ['UInt32', '1'],
    ['UInt32', null],
    ['Float32', '1'],
    ['Nullable(Float32)', true],
    ['UInt64', 2 ** 53],
    ['UInt64', '18446744073709551616'],
    ['UInt64', '1e3'],
    ['Bool', 1],
    ['String', 1],
    ['LowCardinality(String)', null],
    ['LowCardinality(Nullable(String))', 7],
    ['UUID', '00000000-0000-4000-8000-00000000000g'],
    ['UUID', '00000000+0000-4000-8000-000000000000'],
    ['UUID', '00000000-0000-4000-8000-0000000000é0'],
    ['UUID', ''],
    ["DateTime64(3, 'UTC')", '2026-02-30 00:00:60.000'],
    ["DateTime64(3, 'UTC')", '2026-13-01 00:00:00.000'],
    ["DateTime64(3, 'UTC')", '2026-01-01T00:00:00.000'],
    ["DateTime64(3, 'UTC')", 0],
    ['Array(Tuple(name String))', 'text'],
    ['Array(Tuple(name String))', [1]],
    ['Array(Tuple(name String))', [{ name: null }]],
  ] as const) {
    test(`refuses ${JSON.stringify(wrong)} as ${type}, and names the column`, () => {
      assert.throws(
        () => nativeBlock([{ name: 'column', type }], [[wrong]]),
        (error) => error instanceof TypeError && error.message.startsWith('column: '),
      )
    })
  }
})
