/** One forward step of the schema. A step that has run anywhere never changes; a new need is a new step. */
export interface Migration {
  /** Rises by one. */
  readonly id: number
  readonly name: string
  /** Each statement may run again after a crash half way through the step: `IF NOT EXISTS` and the like. */
  readonly statements: readonly string[]
}
