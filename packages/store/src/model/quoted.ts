import type { Parameters } from '../engine/connection.ts'

/** A text as a literal of SQL, for statements that take no parameters. */
export function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`
}

/** The SQL with a literal for each `{name:Type}`. */
export function withLiterals(sql: string, parameters: Parameters): string {
  return sql.replaceAll(/\{(\w+):([^{}]+)\}/g, (_, name: string, type: string) => {
    const value = parameters[name]
    if (value === undefined) throw new TypeError(`no parameter ${name}`)
    return `CAST(${quoted(String(value))}, ${quoted(type)})`
  })
}
