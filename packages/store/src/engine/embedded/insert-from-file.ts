import { insertSettings } from '../connection.ts'
import { quoted } from '../../model/quoted.ts'

/** Returns the statement that inserts a block of the Native format from a file: chDB accepts none from memory. */
export function insertFromFile(into: string, path: string, token: string): string {
  const settings = Object.entries({ ...insertSettings, insert_deduplication_token: token })
  const listed = settings.map(([name, value]) => `${name} = ${quoted(String(value))}`)
  return `INSERT INTO ${into} SELECT * FROM file(${quoted(path)}, Native) SETTINGS ${listed.join(', ')}`
}
