/** Returns the comment by which `system.processes` shows a call's statement: letters, digits and a hyphen only. */
export function callMark(id: number): string {
  return `call-${id}`
}

/**
 * Marks a statement with {@link callMark}, so that another session can find it in `system.processes` and kill it. The
 * engine's own id of a statement is not exposed.
 * @param sql a SELECT without SETTINGS clause, or a statement that ends with one
 */
export function markedStatement(sql: string, id: number): string {
  const separator = /\bSETTINGS\b/.test(sql) ? ',' : '\nSETTINGS'
  return `${sql}${separator} log_comment = '${callMark(id)}'`
}
