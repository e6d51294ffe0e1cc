import { randomInt } from 'node:crypto'

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Draws the id of a record: 16 letters and digits. */
export function createRecordId(): string {
  return Array.from({ length: 16 }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** Whether a record can have this id. Postgres refuses other texts, such as U+0000, with an error. */
export function isRecordId(id: string): boolean {
  return /^[a-z0-9]{16}$/.test(id)
}
