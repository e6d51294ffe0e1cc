import { copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { buildVisitor } from '@peerpress/visitor/build'

const packages = join(import.meta.dirname, '../../packages')
const assets = join(import.meta.dirname, 'assets')

/** Builds the browser code into the plugin's `assets`. WordPress plugins must ship their client code. */
export async function buildPlugin(): Promise<void> {
  // Turbo builds the SDK's package before this one.
  await buildVisitor()
  await mkdir(assets, { recursive: true })
  for (const file of [
    'visitor/dist/loader.js',
    'visitor/dist/worker.js',
    'visitor/dist/swarm.js',
    'visitor/dist/notice.js',
    'visitor/dist/snapshot.js',
  ]) {
    await copyFile(join(packages, file), join(assets, basename(file)))
  }
  await copyFile(new URL(import.meta.resolve('@peerpress/rum/rum.js')), join(assets, 'rum.js'))
}

if (import.meta.main) await buildPlugin()
