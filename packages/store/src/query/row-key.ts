import type { RolledKey } from '../rollup/coverage.ts'
import type { Dimension } from '../model/report-query.ts'
import type { RowKeys } from '../model/rows.ts'

/** Separates the values of two dimensions. In a value it is replaced by a space. */
const separator = '\u001F'

/** Returns SQL of a row's key as text: `=value`, or `~` for an unknown value. */
export function rowKey(by: readonly Dimension[]): RolledKey {
  const viewed = by.map((dimension) => textOf(`toString(${dimension})`, `${dimension} IS NOT NULL`))
  const rolled = by.map((dimension) =>
    dimension === 'arm' ? textOf('toString(arm)', 'true') : textOf('key', 'known'),
  )
  return { rolled: joined(rolled), viewed: joined(viewed) }
}

function textOf(value: string, isKnown: string): string {
  return `if(${isKnown}, concat('=', replaceAll(ifNull(${value}, ''), '\\x1F', ' ')), '~')`
}

function joined(texts: readonly string[]): string {
  return texts.length === 1 ? (texts[0] ?? '') : `concat(${texts.join(`, '\\x1F', `)})`
}

/** Returns the keys in a text of {@link rowKey}. */
export function readRowKey(text: string): RowKeys {
  return text.split(separator).map((part) => (part.startsWith('=') ? part.slice(1) : null))
}

/** Returns keys as the text of {@link rowKey}. */
export function writeRowKey(keys: RowKeys): string {
  return keys.map((key) => (key === null ? '~' : `=${key.replaceAll(separator, ' ')}`)).join(separator)
}
