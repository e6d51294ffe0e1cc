import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { repositoryDirectory } from '@peerpress/cli'

const run = promisify(execFile)

/** Builds the sample site with Eleventy for the host at `url`, as its owner does before each deploy. */
export async function buildEleventySite(directory: string, url: string): Promise<void> {
  await rm(directory, { recursive: true, force: true })
  const eleventy = fileURLToPath(new URL('../cmd.cjs', import.meta.resolve('@11ty/eleventy')))
  await run(process.execPath, [eleventy, '--input=.', `--output=${directory}`, '--quiet'], {
    cwd: fileURLToPath(new URL('test/support/eleventy-site/', repositoryDirectory)),
    env: { ...process.env, SITE_URL: url },
  })
}
