import { open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isPassing } from '../intake/unreadable.ts'

const suffix = '.group'
const end = '.'

/**
 * Segments that go to the store in one statement. Which they are is on disk before they go: after a crash in between the
 * very same come again under the same token, so that not even a sum in the store counts them twice.
 */
export interface SegmentGroup {
  /** Oldest first. */
  readonly names: readonly string[]
  /** What the store knows the rows by. */
  readonly token: string
}

/** Writes down what a group is of. One segment is known by its own name and needs no note. */
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

/** Deletes the note, when none of the group's segments is left. */
export async function dissolveGroup(directory: string, { names, token }: SegmentGroup): Promise<void> {
  if (names.length > 1) await rm(join(directory, token), { force: true })
}

/** What an earlier run left of groups. */
export interface LeftGroups {
  /** Oldest first. */
  readonly groups: readonly SegmentGroup[]
  /** Notes that were kept beside the log because they cannot be read or hold something else. */
  readonly setAside: readonly { readonly name: string; readonly reason: 'damaged' | 'unreadable' }[]
}

/**
 * The groups that an earlier run wrote down. A note that was cut short was of a group that never went. Any other that is
 * no note is kept under another name; its segments go one by one.
 */
export async function leftGroups(directory: string): Promise<LeftGroups> {
  const groups: SegmentGroup[] = []
  const setAside: { name: string; reason: 'damaged' | 'unreadable' }[] = []
  const tokens = (await readdir(directory)).filter((name) => name.endsWith(suffix)).toSorted()
  for (const token of tokens) {
    const path = join(directory, token)
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (isPassing(error)) throw error
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
  // Where even that is impossible it stays, and is found again at the next start.
  await rename(path, `${path}.${String(reason)}`).catch(() => undefined)
  return { name, reason }
}

/** What a crash leaves: the beginning of a note without its end, or zeros where the file system wrote no data yet. */
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

/** A name of a file in the log's own folder. */
function isName(text: string): boolean {
  return /^[\w-][\w.-]*$/.test(text)
}
