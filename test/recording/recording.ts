import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fixtures } from '../support/data/fixtures.ts'

/** Entries of one type that are stored; more of them would only repeat each other. */
const entriesPerType = 4
/** Longest stored text of a message, characters. */
const maxTextLength = 60_000

/** Collects what a recording sees, a few examples of every type, in the order it was seen. */
export class Recording {
  readonly #entries = new Map<string, unknown[]>()
  readonly #counts = new Map<string, number>()

  /** Stores an entry unless enough of its type are there, the same one is, or it is long. */
  add<Kind extends keyof Fixtures>(kind: Kind, type: string, entry: Fixtures[Kind][number]): void {
    const entries = this.#entries.get(kind) ?? []
    const text = JSON.stringify(entry)
    const count = this.#counts.get(`${kind} ${type}`) ?? 0
    if (count >= entriesPerType || text.length > maxTextLength) return
    if (entries.some((known) => JSON.stringify(known) === text)) return
    this.#counts.set(`${kind} ${type}`, count + 1)
    this.#entries.set(kind, [...entries, entry])
  }

  entries<Kind extends keyof Fixtures>(kind: Kind): Fixtures[Kind] {
    return (this.#entries.get(kind) ?? []) as unknown as Fixtures[Kind]
  }

  /** Writes one file per kind into the folder, in place of what is there. */
  async write(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true })
    for (const [kind, entries] of this.#entries) await writeJson(join(folder, `${kind}.json`), entries)
  }
}

/** Copies built bundles into `folder/bundles` and lists them with their sizes and hashes. */
export async function writeBundles(
  folder: string,
  bundles: Readonly<Record<string, { readonly file: string; readonly version: string }>>,
): Promise<void> {
  const target = join(folder, 'bundles')
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  const listed: Fixtures['bundles'][number][] = []
  for (const [name, { file, version }] of Object.entries(bundles)) {
    const bytes = await readFile(file)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await copyFile(file, join(target, name))
    listed.push({ name, version, bytes: bytes.length, sha256 })
  }
  await writeJson(join(folder, 'bundles.json'), listed)
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`)
}
