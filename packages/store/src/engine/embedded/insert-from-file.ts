import { insertSettings } from '../connection.ts'
import { quoted } from '../../model/quoted.ts'

/** The statement that inserts a block of the Native format, which chDB takes from no memory, from a file. */
export function insertFromFile(into: string, path: string, token: string): string {
  const settings = Object.entries({ ...insertSettings, insert_deduplication_token: token })
  const told = settings.map(([name, value]) => `${name} = ${quoted(String(value))}`)
  return `INSERT INTO ${into} SELECT * FROM file(${quoted(path)}, Native) SETTINGS ${told.join(', ')}`
}
