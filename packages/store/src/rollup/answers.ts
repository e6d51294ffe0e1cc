import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Row, Statement } from '../engine/connection.ts'
import type { RollupState } from './rollup-state.ts'

/** Characters of all answers as JSON, at most, and of one of them. */
const maxSize = 16 * 1024 ** 2
const maxEntrySize = maxSize / 8

/** ms that an answer is used. The engine removes rows that are past their retention time without a write. */
const maxAge = 600_000

interface Answer {
  readonly rows: readonly Row[]
  /** What the rollups covered, and how often each cell had been written. */
  readonly state: string
}

/**
 * The answers of statements about a site, each for the state of its rollups in which it was computed. That state changes with
 * every write to the site's views and with every removal of some of them; a removed site's views never come back. Nothing may
 * have been written while an answer was computed.
 */
export class Answers {
  readonly #answers = new LRUCache<string, Answer>({
    maxSize,
    maxEntrySize,
    sizeCalculation: ({ rows }) => Math.max(1, JSON.stringify(rows).length),
    ttl: maxAge,
  })
  readonly #digests = new WeakMap<RollupState, string>()

  find(statement: Statement, state: RollupState): readonly Row[] | undefined {
    const answer = this.#answers.get(keyOf(statement))
    return answer?.state === this.#digest(state) ? answer.rows : undefined
  }

  keep(statement: Statement, state: RollupState, rows: readonly Row[]): void {
    this.#answers.set(keyOf(statement), { rows, state: this.#digest(state) })
  }

  #digest(state: RollupState): string {
    let digest = this.#digests.get(state)
    if (digest === undefined) {
      const days = [...state.days]
        .toSorted(([a], [b]) => a - b)
        .map(([start, { writes, isRolled, stale, fresh }]) => [start, writes, isRolled, stale, [...fresh]])
      digest = sha256(JSON.stringify(days))
      this.#digests.set(state, digest)
    }
    return digest
  }
}

function keyOf({ sql, parameters }: Statement): string {
  return sha256(JSON.stringify([sql, parameters]))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
