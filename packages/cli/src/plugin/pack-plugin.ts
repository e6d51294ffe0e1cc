import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zipSync, type Zippable } from 'fflate'
import { releasedPlugin } from './plugin-files.ts'

/** The earliest time that a zip can name; it has no time zone, and is the same on every machine. */
const time = new Date(1980, 0, 1)
/** Made on Unix; a plain file that everybody may read and its owner may write. */
const unix = 3
const mode = 0o100644

/**
 * Packs the plugin as WordPress installs it, all files below `peerpress/`. The same sources and bundles always make the
 * same bytes: names are sorted, times and permissions fixed.
 */
export async function packPlugin(): Promise<Uint8Array> {
  const files: Zippable = {}
  const release = await releasedPlugin()
  for (const name of release.files) files[`peerpress/${name}`] = await readFile(join(release.directory, name))
  return zipSync(files, { level: 9, mtime: time, os: unix, attrs: mode * 2 ** 16 })
}
