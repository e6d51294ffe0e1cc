import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'

const packages = join(import.meta.dirname, '../../packages')
const assets = join(import.meta.dirname, 'assets')

/** Puts the built browser code into the plugin's `assets`: client code ships in the plugin, never from a server. */
export async function buildPlugin(): Promise<void> {
  await mkdir(assets, { recursive: true })
  for (const file of [
    'visitor/dist/loader.js',
    'visitor/dist/worker.js',
    'visitor/dist/swarm.js',
    'rum/dist/rum.js',
  ]) {
    await copyFile(join(packages, file), join(assets, file.slice(file.lastIndexOf('/'))))
  }
}

if (import.meta.main) await buildPlugin()
