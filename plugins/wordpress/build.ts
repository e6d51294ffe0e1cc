import { copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { buildRum } from '@peerpress/rum/build'
import { buildVisitor } from '@peerpress/visitor/build'

const packages = join(import.meta.dirname, '../../packages')
const assets = join(import.meta.dirname, 'assets')

/** Builds the browser code into the plugin's `assets`: client code ships in the plugin, never from a server. */
export async function buildPlugin(): Promise<void> {
  await Promise.all([buildVisitor(), buildRum()])
  await mkdir(assets, { recursive: true })
  for (const file of [
    'visitor/dist/loader.js',
    'visitor/dist/worker.js',
    'visitor/dist/swarm.js',
    'visitor/dist/notice.js',
    'rum/dist/rum.js',
  ]) {
    await copyFile(join(packages, file), join(assets, basename(file)))
  }
}

if (import.meta.main) await buildPlugin()
