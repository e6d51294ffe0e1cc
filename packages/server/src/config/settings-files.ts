import { readFile } from 'node:fs/promises'
import { settings } from './settings.ts'
import { settingsEnvironment, settingsTable } from './settings-text.ts'

/** A file whose text is made of the settings. */
export interface SettingsFile {
  readonly url: URL
  readonly text: string
}

const root = new URL('../../../../', import.meta.url)

/** The settings that `docker-compose.yml` passes on from `.env`. It fixes the others. */
const passedOn = [
  settings.relayOnly,
  settings.minSwarm,
  settings.mirrors,
  settings.storeMemory,
  settings.retentionDays,
  settings.beaconsPerNetwork,
  settings.beaconsPerSite,
  settings.maxLogBytes,
  settings.publicReports,
].map(({ variable }) => variable)

/** Returns the files that show the settings, as they should be. */
export async function settingsFiles(): Promise<readonly SettingsFile[]> {
  const example = new URL('.env.example', root)
  const [written = ''] = (await readFile(example, 'utf8')).split(heading)
  return [
    { url: new URL('docs/settings.md', root), text: document() },
    { url: example, text: `${written.trimEnd()}\n\n${heading}\n\n${settingsEnvironment(passedOn)}\n` },
  ]
}

/** The line of `.env.example` below which everything is generated. */
const heading = '# Further settings. To use one, remove its # and set the value.'

function document(): string {
  return `# Settings of the server

Each setting is an environment variable. Most have an option of \`./peerpress start\` too, which takes precedence. An empty
variable counts as unset. Settings without an option may contain a password. The commands \`migrate\`, \`backup\`, \`restore\`
and \`doctor\` read the same variables.

${settingsTable()}

This file is generated from \`packages/server/src/config/settings.ts\` by \`node packages/server/src/config/write-settings.ts\`.
`
}
