/** Types of ClickHouse's columns that are written here. */
export type ColumnType =
  | PlainType
  | `Nullable(${PlainType})`
  | 'LowCardinality(String)'
  | 'LowCardinality(Nullable(String))'
  | `Array(Tuple(${string}))`
type PlainType = keyof typeof plain

/** A type whose values stand one after another. */
interface Plain {
  /** The bytes of values. @throws {TypeError} when one is not of this type */
  readonly write: (values: readonly unknown[]) => Uint8Array
  /** What stands in the place of a null. */
  readonly zero: unknown
}

/** Types by name. Numbers are little-endian, as are those of every machine that this runs on. */
const plain = {
  UInt16: { zero: 0, write: (values) => writeWhole(new Uint16Array(values.length), values) },
  UInt32: { zero: 0, write: (values) => writeWhole(new Uint32Array(values.length), values) },
  Float32: { zero: 0, write: (values) => writeReal(new Float32Array(values.length), values) },
  Float64: { zero: 0, write: (values) => writeReal(new Float64Array(values.length), values) },
  /** Numbers up to 2^53, or digits. */
  UInt64: { zero: 0, write: writeUInt64 },
  Bool: { zero: false, write: writeBool },
  String: { zero: '', write: writeText },
  UUID: { zero: '00000000-0000-0000-0000-000000000000', write: writeUuid },
  /** `YYYY-MM-DD hh:mm:ss.mmm` */
  "DateTime64(3, 'UTC')": { zero: '1970-01-01 00:00:00.000', write: writeTime },
} as const satisfies Readonly<Record<string, Plain>>

/**
 * The bytes of a column in the Native format (ClickHouse's documentation, Formats, Native), without its name and type. null and
 * undefined are values of nullable types, and empty lists.
 * @throws {TypeError} when a value is not of the type
 */
export function writeColumn(type: ColumnType, values: readonly unknown[]): Uint8Array[] {
  const within = (outer: RegExp): string | undefined => outer.exec(type)?.[1]
  const elements = within(/^Array\(Tuple\((.*)\)\)$/)
  if (elements !== undefined) return writeLists(elements, values)
  const texts = within(/^LowCardinality\((.*)\)$/)
  if (texts !== undefined) return writeDictionary(texts.startsWith('Nullable'), values)
  const nullable = within(/^Nullable\((.*)\)$/)
  if (nullable !== undefined) return writeNullable(plain[nullable as PlainType], values)
  return [plain[type as PlainType].write(values)]
}

function writeNullable({ write, zero }: Plain, values: readonly unknown[]): Uint8Array[] {
  const nulls = new Uint8Array(values.length)
  const told: unknown[] = []
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value == null) nulls[i] = 1
    told.push(value ?? zero)
  }
  return [nulls, write(told)]
}

/** Places in a list of all different texts; where there may be nulls, the first of these stands for null. */
function writeDictionary(isNullable: boolean, values: readonly unknown[]): Uint8Array[] {
  const places = new Map<unknown, number>()
  const texts: unknown[] = isNullable ? [''] : []
  const all = new Uint32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (isNullable && value == null) continue
    let place = places.get(value)
    if (place === undefined) {
      place = texts.push(value) - 1
      places.set(value, place)
    }
    all[i] = place
  }
  const width = texts.length <= 2 ** 8 ? 0 : texts.length <= 2 ** 16 ? 1 : 2
  const written = width === 0 ? new Uint8Array(all) : width === 1 ? new Uint16Array(all) : all
  // The version of the serialization; how wide a place is, and that the texts follow (bit 9).
  return [
    bytesOf(BigUint64Array.of(1n, BigInt(width | (1 << 9)), BigInt(texts.length))),
    writeText(texts),
    bytesOf(BigUint64Array.of(BigInt(values.length))),
    bytesOf(written),
  ]
}

/** `elements` as in `Tuple(name Type, name Type)`; a value is a list of objects with these fields. */
function writeLists(elements: string, lists: readonly unknown[]): Uint8Array[] {
  const ends = new Uint32Array(2 * lists.length)
  const items: Readonly<Record<string, unknown>>[] = []
  for (let i = 0; i < lists.length; i++) {
    const list = lists[i] ?? []
    if (!Array.isArray(list)) throw wrong(list, 'a list')
    for (const item of list as unknown[]) {
      if (typeof item !== 'object' || item === null) throw wrong(item, 'an object')
      items.push(item as Readonly<Record<string, unknown>>)
    }
    ends[2 * i] = items.length
  }
  const columns = elements.split(', ').flatMap((element) => {
    const [name = '', type] = element.split(' ')
    return writeColumn(
      type as ColumnType,
      items.map((item) => item[name]),
    )
  })
  return [bytesOf(ends), ...columns]
}

function writeWhole(written: Uint16Array | Uint32Array, values: readonly unknown[]): Uint8Array {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    written[i] = value as number
    if (written[i] !== value) throw wrong(value, `a whole number of ${8 * written.BYTES_PER_ELEMENT} bits`)
  }
  return bytesOf(written)
}

function writeReal(written: Float32Array | Float64Array, values: readonly unknown[]): Uint8Array {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'number') throw wrong(value, 'a number')
    written[i] = value
  }
  return bytesOf(written)
}

function writeUInt64(values: readonly unknown[]): Uint8Array {
  const halves = new Uint32Array(2 * values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) {
      halves[2 * i] = value
      halves[2 * i + 1] = value / 2 ** 32
      continue
    }
    const whole = typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : -1n
    if (whole < 0n || whole >= 1n << 64n) throw wrong(value, 'a whole number of 64 bits')
    halves[2 * i] = Number(whole & 0xffff_ffffn)
    halves[2 * i + 1] = Number(whole >> 32n)
  }
  return bytesOf(halves)
}

function writeBool(values: readonly unknown[]): Uint8Array {
  const written = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) {
    if (typeof values[i] !== 'boolean') throw wrong(values[i], 'true or false')
    written[i] = values[i] === true ? 1 : 0
  }
  return written
}

/** Each behind its length. */
function writeText(values: readonly unknown[]): Uint8Array {
  let bytes = Buffer.allocUnsafe(64 * values.length + 1024)
  let at = 0
  for (const value of values) {
    if (typeof value !== 'string') throw wrong(value, 'a text')
    // A character has at most three bytes of UTF-8, and a length at most five.
    const most = at + 5 + 3 * value.length
    if (most > bytes.length) bytes = Buffer.concat([bytes.subarray(0, at)], 2 * most)
    at = writeLength(bytes, at, Buffer.byteLength(value))
    at += bytes.write(value, at)
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

/** Two halves of eight bytes, each the other way round. */
function writeUuid(values: readonly unknown[]): Uint8Array {
  const bytes = new Uint8Array(16 * values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'string' || value.length !== 36) throw wrong(value, 'a UUID')
    let digit = 0
    let isWrong = 0
    for (let byte = 0; byte < 16; byte++) {
      if (byte === 4 || byte === 6 || byte === 8 || byte === 10) isWrong |= value.charCodeAt(digit++) ^ hyphen
      const pair = (hexDigit(value.charCodeAt(digit)) << 4) | hexDigit(value.charCodeAt(digit + 1))
      isWrong |= pair & ~0xff
      bytes[16 * i + (byte < 8 ? 7 - byte : 23 - byte)] = pair
      digit += 2
    }
    if (isWrong !== 0) throw wrong(value, 'a UUID')
  }
  return bytes
}

const hyphen = 0x2d
const hexDigits = new Int16Array(128).fill(-1)
for (let n = 0; n < 16; n++) {
  hexDigits[n.toString(16).charCodeAt(0)] = n
  hexDigits[n.toString(16).toUpperCase().charCodeAt(0)] = n
}

/** -1 of what is none. */
function hexDigit(code: number): number {
  return hexDigits[code] ?? -1
}

/** ms since the Unix epoch, signed 64-bit. */
function writeTime(values: readonly unknown[]): Uint8Array {
  const halves = new Int32Array(2 * values.length)
  /** Starts of the hours that were seen: of rows that come together there are few. */
  const hours = new Map<string, number>()
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'string' || !time.test(value)) throw wrong(value, 'a time')
    const hour = value.slice(0, 13)
    let start = hours.get(hour)
    if (start === undefined) {
      start = Date.parse(`${hour.replace(' ', 'T')}:00Z`)
      if (Number.isNaN(start)) throw wrong(value, 'a time')
      hours.set(hour, start)
    }
    const digit = (at: number): number => value.charCodeAt(at) - 0x30
    const ms =
      start +
      60_000 * (10 * digit(14) + digit(15)) +
      1000 * (10 * digit(17) + digit(18)) +
      (100 * digit(20) + 10 * digit(21) + digit(22))
    halves[2 * i] = ms
    halves[2 * i + 1] = Math.floor(ms / 2 ** 32)
  }
  return bytesOf(halves)
}

const time = /^\d{4}-\d\d-\d\d \d\d:[0-5]\d:[0-5]\d\.\d{3}$/

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function wrong(value: unknown, wanted: string): TypeError {
  const told = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 100)
  return new TypeError(`${told} is not ${wanted}`)
}
