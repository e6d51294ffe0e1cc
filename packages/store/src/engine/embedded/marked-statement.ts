/** The comment by which `system.processes` shows the statement of a call. Only letters, digits and a hyphen. */
export function callMark(id: number): string {
  return `call-${id}`
}

/**
 * A statement that `system.processes` shows under {@link callMark}, so that it can be killed from another session. The
 * engine gives it an id of its own, which nobody is told.
 * @param sql a SELECT without SETTINGS clause, or a statement whose last clause that is
 */
export function markedStatement(sql: string, id: number): string {
  const separator = /\bSETTINGS\b/.test(sql) ? ',' : '\nSETTINGS'
  return `${sql}${separator} log_comment = '${callMark(id)}'`
}
