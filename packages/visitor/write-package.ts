import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Bundles that a page with peers loads, in the order in which it loads them. */
const bundles = ['loader.js', 'worker.js', 'swarm.js', 'notice.js', 'snapshot.js']

/** Folder of the package as it is published: built bundles alone, without the sources and their private packages. */
export const publishedPackage: string = folder('dist/package')

/** Writes the published package. The bundles must be built. */
export async function writePackage(): Promise<void> {
  await rm(publishedPackage, { recursive: true, force: true })
  await mkdir(publishedPackage, { recursive: true })
  for (const name of bundles) await copyFile(folder(`dist/${name}`), join(publishedPackage, name))
  await copyFile(folder('README.md'), join(publishedPackage, 'README.md'))
  await copyFile(folder('../../LICENSE'), join(publishedPackage, 'LICENSE'))
  const { name, version, description, keywords, license, type } = JSON.parse(
    await readFile(folder('package.json'), 'utf8'),
  ) as Readonly<Record<string, unknown>>
  const manifest = {
    name,
    version,
    description,
    keywords,
    license,
    type,
    // The loader and the worker begin to work when they are loaded.
    sideEffects: ['./loader.js', './worker.js'],
    exports: Object.fromEntries([...bundles, 'package.json'].map((bundle) => [`./${bundle}`, `./${bundle}`])),
    files: bundles,
  }
  await writeFile(join(publishedPackage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

if (import.meta.main) await writePackage()
