import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildBundles, repositoryDirectory } from '@peerpress/cli'
import { fixtureFolder, type FixtureRelease, fixtureReleases } from '../support/data/fixtures.ts'
import { addEncodedExamples } from './encoded-examples.ts'
import { recordSite } from './record-site.ts'
import { Recording, writeBundles } from './recording.ts'

// Records the fixtures of the latest release into `test/fixtures/`: see CONTRIBUTING.md.
const release = fixtureReleases.at(-1) as FixtureRelease
const folder = fileURLToPath(fixtureFolder(release))
// What a release sent does not change: the fixtures of the next one get a folder of their own.
if (existsSync(join(folder, 'site.json'))) throw new Error(`the fixtures of ${release} are recorded already`)
const recording = new Recording()
await buildBundles()
await recordSite(recording)
addEncodedExamples(recording)
await recording.write(folder)

const rum = await bundle('packages/rum', 'rum.js')
const visitor = ['loader.js', 'worker.js', 'swarm.js', 'notice.js', 'snapshot.js']
await writeBundles(
  folder,
  Object.fromEntries([
    ['rum.js', rum],
    ...(await Promise.all(visitor.map(async (name) => [name, await bundle('packages/visitor', name)]))),
  ]),
)

async function bundle(place: string, name: string): Promise<{ file: string; version: string }> {
  const file = fileURLToPath(new URL(join(place, 'dist', name), repositoryDirectory))
  // The plugin ships the bundles, so that their version is the plugin's.
  const plugin = new URL('plugins/wordpress/package.json', repositoryDirectory)
  const { version } = JSON.parse(await readFile(plugin, 'utf8')) as { readonly version: string }
  return { file, version }
}
