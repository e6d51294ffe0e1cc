/** What belongs to a call's options, made at its first use. Of one class only: here no two vitals share their options. */
export function initUnique<T>(options: { instance?: T }, Class: new () => T): T {
  return (options.instance ??= new Class())
}
