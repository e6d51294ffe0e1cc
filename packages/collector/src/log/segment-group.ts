import { open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isTemporary } from '../temporary-error.ts'

const suffix = '.group'
const end = '.'

/**
 * Segments that are inserted by one statement. Their names are written to disk before: after a crash the same segments
 * are inserted again under the same token, so that the store counts no row twice.
 */
export interface SegmentGroup {
  /** Oldest first. */
  readonly names: readonly string[]
  /** The store's deduplication token. */
  readonly token: string
}

/** Writes the note of a group: the names of its segments. A single segment has its name as token and needs no note. */
export async function formGroup(
  directory: string,
  names: readonly [string, ...string[]],
): Promise<SegmentGroup> {
  const [first] = names
  if (names.length === 1) return { names, token: first }
  const token = first + suffix
  const file = await open(join(directory, token), 'w', 0o600)
  try {
    await file.writeFile([...names, end].join('\n'))
    await file.sync()
  } finally {
    await file.close()
  }
  return { names, token }
}

/** Deletes a group's note, after its segments are deleted. */
export async function dissolveGroup(directory: string, { names, token }: SegmentGroup): Promise<void> {
  if (names.length > 1) await rm(join(directory, token), { force: true })
}

/** The groups that an earlier run left. */
export interface LeftGroups {
  /** Oldest first. */
  readonly groups: readonly SegmentGroup[]
  /** Notes that were set aside because they cannot be read or have other content. */
  readonly setAside: readonly { readonly name: string; readonly reason: 'damaged' | 'unreadable' }[]
}

/**
 * Returns the groups of an earlier run. If a note was cut short, its group was never inserted, and the note is deleted.
 * A file with other content is renamed, and its segments are inserted one by one.
 */
export async function leftGroups(directory: string): Promise<LeftGroups> {
  const groups: SegmentGroup[] = []
  const setAside: { name: string; reason: 'damaged' | 'unreadable' }[] = []
  const tokens = (await readdir(directory)).filter((name) => name.endsWith(suffix)).toSorted()
  for (const token of tokens) {
    const path = join(directory, token)
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (isTemporary(error)) throw error
      return null
    })
    if (text === null) setAside.push(await putAside(path, token, 'unreadable'))
    else if (isCutShort(text)) await rm(path)
    else {
      const names = namesOf(text)
      if (names === null) setAside.push(await putAside(path, token, 'damaged'))
      else groups.push({ names, token })
    }
  }
  return { groups, setAside }
}

async function putAside<Reason>(
  path: string,
  name: string,
  reason: Reason,
): Promise<{ name: string; reason: Reason }> {
  // If it cannot be renamed, it stays and is found again at the next start.
  await rename(path, `${path}.${String(reason)}`).catch(() => undefined)
  return { name, reason }
}

/** Whether a crash left a part of a note: its beginning, or zeros that the file system wrote before the data. */
function isCutShort(text: string): boolean {
  if (/^\0*$/.test(text)) return true
  const lines = text.split('\n')
  return (
    lines.at(-1) !== end && lines.every((line, i) => isName(line) || (i === lines.length - 1 && line === ''))
  )
}

function namesOf(text: string): string[] | null {
  const lines = text.split('\n')
  const names = lines.slice(0, -1)
  return lines.at(-1) === end && names.length > 0 && names.every(isName) ? names : null
}

/** Whether a text is the name of a file in the log's folder. */
function isName(text: string): boolean {
  return /^[\w-][\w.-]*$/.test(text)
}
