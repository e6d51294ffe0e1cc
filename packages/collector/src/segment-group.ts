import { open, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'

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
  if (names.length > 1) await unlink(join(directory, token))
}

/** The groups that an earlier run wrote down, oldest first. A note that was cut short was of a group that never went. */
export async function leftGroups(directory: string): Promise<SegmentGroup[]> {
  const groups: SegmentGroup[] = []
  const tokens = (await readdir(directory)).filter((name) => name.endsWith(suffix)).toSorted()
  for (const token of tokens) {
    const lines = (await readFile(join(directory, token), 'utf8')).split('\n')
    if (lines.at(-1) === end) groups.push({ names: lines.slice(0, -1), token })
    else await unlink(join(directory, token))
  }
  return groups
}
