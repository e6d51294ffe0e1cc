import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { repositoryDirectory } from '../repository.ts'

/** Folder of the WordPress plugin's sources. */
export const pluginDirectory: string = fileURLToPath(new URL('plugins/wordpress', repositoryDirectory))

/** A release of the plugin. */
interface PluginRelease {
  readonly directory: string
  /** Paths relative to the folder, sorted. Files that `.distignore` names are not released. */
  readonly files: readonly string[]
}

/** Lists the files of the plugin as it is released now. */
export async function releasedPlugin(): Promise<PluginRelease> {
  const ignored = (await readFile(join(pluginDirectory, '.distignore'), 'utf8')).split('\n')
  const entries = await readdir(pluginDirectory)
  const released = entries.filter((name) => !ignored.includes(name))
  const files = await Promise.all(released.map((name) => filesBelow(name)))
  return { directory: pluginDirectory, files: files.flat().toSorted() }
}

/** Returns the file itself, or all files of the folder. Names in a zip have slashes on every system. */
async function filesBelow(name: string): Promise<readonly string[]> {
  const entries = await readdir(join(pluginDirectory, name), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTDIR') return null
      throw error
    },
  )
  if (entries === null) return [name]
  const files = await Promise.all(entries.map((entry) => filesBelow(`${name}/${entry.name}`)))
  return files.flat()
}
