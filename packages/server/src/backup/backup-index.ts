import * as v from 'valibot'
import { ServerError } from '../server-error.ts'

/** The file that lists the contents of a backup. It is written last, so a folder that has it is complete. */
export const backupIndexFile = 'backup.json'

/** The version of the index that this release writes. A release reads its own version and earlier ones. */
export const backupFormat = 1

/** The file of a backup with the key and the head of the community's ledger. Backups without a ledger lack it. */
export const backedUpLedgerKey = 'registry/ledger-key.json'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const name = v.pipe(v.string(), v.regex(/^[a-z_]{1,64}$/))
/** A relative path below one of the folders of a backup. No segment is empty or begins with a dot. */
const path = v.pipe(
  v.string(),
  v.regex(/^(?:registry|store|assets|beacons)(?:\/[A-Za-z0-9_%-][A-Za-z0-9_.%@=+-]{0,254}){1,3}$/),
)
const indexSchema = v.object({
  format: v.literal(backupFormat),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  registry: v.object({ schema: count, tables: v.record(name, count) }),
  /** Null in a backup without measurements. */
  store: v.nullable(v.object({ step: count, rows: v.record(name, count) })),
  files: v.array(v.object({ path, size: count, sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) })),
})

/** The contents of a backup, and their moment. */
export type BackupIndex = v.InferOutput<typeof indexSchema>
export type BackupFile = BackupIndex['files'][number]

/**
 * Reads an index.
 * @throws {ServerError} `bad-backup`, `newer-backup`
 */
export function parseBackupIndex(text: string): BackupIndex {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new ServerError('bad-backup', `${backupIndexFile} is damaged: it is no JSON`, { cause })
  }
  const format = v.safeParse(v.object({ format: v.number() }), value)
  if (format.success && format.output.format > backupFormat) {
    throw new ServerError(
      'newer-backup',
      `the backup has format ${format.output.format}, this release reads up to ${backupFormat}: update PeerPress`,
    )
  }
  const index = v.safeParse(indexSchema, value)
  if (!index.success) {
    const where = v.getDotPath(index.issues[0]) ?? 'its root'
    throw new ServerError('bad-backup', `${backupIndexFile} is damaged at ${where}`)
  }
  return index.output
}

/** Whether a path may be one of a backup's files. */
export function isBackupPath(text: string): boolean {
  return v.is(path, text)
}
