import type { ColumnType, PlainType } from '../../model/column-type.ts'

/** The values of a column: in each row, the value at one place. */
export interface Source {
  readonly rows: readonly (readonly unknown[])[]
  readonly place: number
  /** Replaces a value that is null or undefined, or beyond the row's end. @default undefined */
  readonly missing?: unknown
}

/**
 * Writes values one after another. With `nulls`, a missing value is marked there and written as zero. Without, no value may be
 * missing.
 * @throws {TypeError} when a value is not of this type
 */
type Write = (source: Source, nulls?: Uint8Array) => Uint8Array

/** Writers by type. Numbers are little-endian, like those of every machine that this runs on. */
const plain = {
  UInt16: (source, nulls) => writeWhole(new Uint16Array(source.rows.length), source, nulls),
  UInt32: (source, nulls) => writeWhole(new Uint32Array(source.rows.length), source, nulls),
  Float32: (source, nulls) => writeReal(new Float32Array(source.rows.length), source, nulls),
  Float64: (source, nulls) => writeReal(new Float64Array(source.rows.length), source, nulls),
  /** Numbers up to 2^53, or digits. */
  UInt64: writeUInt64,
  Bool: writeBool,
  String: writeText,
  UUID: writeUuid,
  /** `YYYY-MM-DD hh:mm:ss.mmm` */
  "DateTime64(3, 'UTC')": writeTime,
} as const satisfies Readonly<Record<PlainType, Write>>

/**
 * Writes a column in the Native format (ClickHouse's documentation, Formats, Native), without its name and type. A missing
 * value is null in nullable types, and an empty list in arrays.
 * @throws {TypeError} when a value is not of the type
 */
export function writeColumn(type: ColumnType, source: Source): Uint8Array[] {
  const within = (outer: RegExp): string | undefined => outer.exec(type)?.[1]
  const elements = within(/^Array\(Tuple\((.*)\)\)$/)
  if (elements !== undefined) return writeLists(elements, source)
  const texts = within(/^LowCardinality\((.*)\)$/)
  if (texts !== undefined) return writeDictionary(texts.startsWith('Nullable'), source)
  const nullable = within(/^Nullable\((.*)\)$/)
  const write: Write = plain[(nullable ?? type) as PlainType]
  if (nullable === undefined) return [write(source)]
  const nulls = new Uint8Array(source.rows.length)
  const values = write(source, nulls)
  return [nulls, values]
}

/** Returns values as the source of a column. */
export function asSource(values: readonly unknown[]): Source {
  return { rows: values.map((value) => [value]), place: 0 }
}

function valueIn(row: readonly unknown[], { place, missing }: Source): unknown {
  return (place < row.length ? row[place] : undefined) ?? missing
}

/** Writes indexes into a list of distinct texts. In a nullable column, the first text is null. */
function writeDictionary(isNullable: boolean, source: Source): Uint8Array[] {
  const places = new Map<unknown, number>()
  const texts: unknown[] = isNullable ? [''] : []
  const all = new Uint32Array(source.rows.length)
  let i = 0
  for (const row of source.rows) {
    const value = valueIn(row, source)
    if (value != null || !isNullable) {
      let place = places.get(value)
      if (place === undefined) {
        place = texts.push(value) - 1
        places.set(value, place)
      }
      all[i] = place
    }
    i++
  }
  const width = texts.length <= 2 ** 8 ? 0 : texts.length <= 2 ** 16 ? 1 : 2
  const written = width === 0 ? new Uint8Array(all) : width === 1 ? new Uint16Array(all) : all
  // The version of the serialization; the width of an index, and that the texts follow (bit 9).
  return [
    bytesOf(BigUint64Array.of(1n, BigInt(width | (1 << 9)), BigInt(texts.length))),
    writeText(asSource(texts)),
    bytesOf(BigUint64Array.of(BigInt(all.length))),
    bytesOf(written),
  ]
}

/** Writes lists of objects whose fields are `elements`, as in `Tuple(name Type, name Type)`. */
function writeLists(elements: string, source: Source): Uint8Array[] {
  const fields = elements.split(', ').map((element) => element.split(' ') as [name: string, type: ColumnType])
  const ends = new Uint32Array(2 * source.rows.length)
  const rows: unknown[][] = []
  let i = 0
  for (const row of source.rows) {
    const list = valueIn(row, source) ?? []
    if (!Array.isArray(list)) throw wrong(list, 'a list')
    for (const item of list as unknown[]) {
      if (typeof item !== 'object' || item === null) throw wrong(item, 'an object')
      rows.push(fields.map(([name]) => (item as Readonly<Record<string, unknown>>)[name]))
    }
    ends[i] = rows.length
    i += 2
  }
  return [bytesOf(ends), ...fields.flatMap(([, type], place) => writeColumn(type, { rows, place }))]
}

function writeWhole(written: Uint16Array | Uint32Array, source: Source, nulls?: Uint8Array): Uint8Array {
  let i = 0
  for (const row of source.rows) {
    const value = valueIn(row, source)
    if (value == null && nulls !== undefined) nulls[i] = 1
    else {
      written[i] = value as number
      if (written[i] !== value) throw wrong(value, `a whole number of ${8 * written.BYTES_PER_ELEMENT} bits`)
    }
    i++
  }
  return bytesOf(written)
}

function writeReal(written: Float32Array | Float64Array, source: Source, nulls?: Uint8Array): Uint8Array {
  let i = 0
  for (const row of source.rows) {
    const value = valueIn(row, source)
    if (typeof value === 'number') written[i] = value
    else if (value == null && nulls !== undefined) nulls[i] = 1
    else throw wrong(value, 'a number')
    i++
  }
  return bytesOf(written)
}

function writeUInt64(source: Source, nulls?: Uint8Array): Uint8Array {
  const halves = new Uint32Array(2 * source.rows.length)
  let i = 0
  for (const row of source.rows) {
    const value = valueIn(row, source)
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) {
      halves[2 * i] = value
      halves[2 * i + 1] = value / 2 ** 32
    } else if (value == null && nulls !== undefined) nulls[i] = 1
    else {
      const whole = typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : -1n
      if (whole < 0n || whole >= 1n << 64n) throw wrong(value, 'a whole number of 64 bits')
      halves[2 * i] = Number(whole & 0xffff_ffffn)
      halves[2 * i + 1] = Number(whole >> 32n)
    }
    i++
  }
  return bytesOf(halves)
}

function writeBool(source: Source, nulls?: Uint8Array): Uint8Array {
  const written = new Uint8Array(source.rows.length)
  let i = 0
  for (const row of source.rows) {
    const value = valueIn(row, source)
    if (typeof value === 'boolean') written[i] = value ? 1 : 0
    else if (value == null && nulls !== undefined) nulls[i] = 1
    else throw wrong(value, 'true or false')
    i++
  }
  return written
}

/** Writes texts, each after its length. */
function writeText(source: Source, nulls?: Uint8Array): Uint8Array {
  let bytes = Buffer.allocUnsafe(64 * source.rows.length + 1024)
  let at = 0
  let i = 0
  for (const row of source.rows) {
    let value = valueIn(row, source)
    if (value == null && nulls !== undefined) {
      nulls[i] = 1
      value = ''
    }
    if (typeof value !== 'string') throw wrong(value, 'a text')
    // A character has at most three bytes of UTF-8, and a length at most five.
    const most = at + 5 + 3 * value.length
    if (most > bytes.length) bytes = Buffer.concat([bytes.subarray(0, at)], 2 * most)
    at = writeLength(bytes, at, Buffer.byteLength(value))
    at += bytes.write(value, at)
    i++
  }
  return bytes.subarray(0, at)
}

/** Writes a length (LEB128) at a place; returns the place after it. */
export function writeLength(bytes: Uint8Array, at: number, length: number): number {
  let left = length
  let next = at
  for (; left >= 0x80; left >>>= 7) bytes[next++] = (left & 0x7f) | 0x80
  bytes[next++] = left
  return next
}

/** Writes UUIDs as two halves of eight bytes, each in reverse order. */
function writeUuid(source: Source, nulls?: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 * source.rows.length)
  let i = 0
  for (const row of source.rows) {
    const value = valueIn(row, source)
    if (value == null && nulls !== undefined) nulls[i] = 1
    else if (typeof value !== 'string' || value.length !== 36 || !putUuid(bytes, 16 * i, value))
      throw wrong(value, 'a UUID')
    i++
  }
  return bytes
}

/** Writes a UUID; returns false when the text is none. */
function putUuid(bytes: Uint8Array, at: number, text: string): boolean {
  let digit = 0
  let isWrong = 0
  for (let byte = 0; byte < 16; byte++) {
    if (byte === 4 || byte === 6 || byte === 8 || byte === 10) isWrong |= text.charCodeAt(digit++) ^ hyphen
    const pair = (hexDigit(text.charCodeAt(digit)) << 4) | hexDigit(text.charCodeAt(digit + 1))
    isWrong |= pair & ~0xff
    bytes[at + (byte < 8 ? 7 - byte : 23 - byte)] = pair
    digit += 2
  }
  return isWrong === 0
}

const hyphen = 0x2d
const hexDigits = new Int16Array(128).fill(-1)
for (let n = 0; n < 16; n++) {
  hexDigits[n.toString(16).charCodeAt(0)] = n
  hexDigits[n.toString(16).toUpperCase().charCodeAt(0)] = n
}

/** Returns the value of a hexadecimal digit, or -1 for another character. */
function hexDigit(code: number): number {
  return hexDigits[code] ?? -1
}

/** Writes times as ms since the Unix epoch, signed 64-bit. */
function writeTime(source: Source, nulls?: Uint8Array): Uint8Array {
  const halves = new Int32Array(2 * source.rows.length)
  /** Starts of hours, by their digits. Rows of one insertion have few. */
  const hours = new Map<number, number>()
  let i = 0
  for (const row of source.rows) {
    const value = valueIn(row, source)
    if (value == null && nulls !== undefined) nulls[i] = 1
    else {
      if (typeof value !== 'string' || !isTime(value)) throw wrong(value, 'a time')
      const digit = (at: number): number => value.charCodeAt(at) - 0x30
      const pair = (at: number): number => 10 * digit(at) + digit(at + 1)
      const name = 1e6 * (100 * pair(0) + pair(2)) + 1e4 * pair(5) + 100 * pair(8) + pair(11)
      let start = hours.get(name)
      if (start === undefined) {
        start = Date.parse(`${value.slice(0, 10)}T${value.slice(11, 13)}:00Z`)
        if (Number.isNaN(start)) throw wrong(value, 'a time')
        hours.set(name, start)
      }
      const ms = start + 60_000 * pair(14) + 1000 * pair(17) + 10 * pair(20) + digit(22)
      halves[2 * i] = ms
      halves[2 * i + 1] = Math.floor(ms / 2 ** 32)
    }
    i++
  }
  return bytesOf(halves)
}

const shapeOfTime = '0000-00-00 00:00:00.000'

/** Returns whether a text has the format of a time, with at most 59 minutes and seconds. */
function isTime(text: string): boolean {
  if (text.length !== shapeOfTime.length) return false
  for (let at = 0; at < shapeOfTime.length; at++) {
    const shape = shapeOfTime.charCodeAt(at)
    const code = text.charCodeAt(at)
    const most = shape !== 0x30 ? shape : at === 14 || at === 17 ? 0x35 : 0x39
    if (code < shape || code > most) return false
  }
  return true
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function wrong(value: unknown, wanted: string): TypeError {
  const found = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 100)
  return new TypeError(`${found} is not ${wanted}`)
}
