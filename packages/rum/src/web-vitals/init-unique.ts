/**
 * Replaces web-vitals' `initUnique`: returns the instance that belongs to a call's options, created at the first use.
 * Each options object has one class, because no two vitals share their options.
 */
export function initUnique<T>(options: { instance?: T }, Class: new () => T): T {
  return (options.instance ??= new Class())
}
