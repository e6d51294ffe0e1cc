import { access, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { ServerError } from './server-error.ts'

const packages = new URL('../../', import.meta.url)

/** The built browser files that the server serves, by the name after `/v1/`. */
export const scriptFiles: Readonly<Record<string, string>> = {
  'rum.js': fileURLToPath(new URL('rum/dist/rum.js', packages)),
  'visitor.js': fileURLToPath(new URL('visitor/dist/loader.js', packages)),
  'swarm.js': fileURLToPath(new URL('visitor/dist/swarm.js', packages)),
  'notice.js': fileURLToPath(new URL('visitor/dist/notice.js', packages)),
  'snapshot.js': fileURLToPath(new URL('visitor/dist/snapshot.js', packages)),
  'worker.js': fileURLToPath(new URL('visitor/dist/worker.js', packages)),
}

/** Folder of the built dashboard. */
export const dashboardDirectory = fileURLToPath(new URL('dashboard/dist', packages))

/** Reads the documents of the built dashboard, by their ids. */
export async function readPersistedDocuments(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(`${dashboardDirectory}/documents.json`, 'utf8')
  return new Map(Object.entries(JSON.parse(text) as Record<string, string>))
}

/** @throws {ServerError} `missing-bundle` if the browser packages were not built. */
export async function requireBundles(): Promise<void> {
  for (const file of [
    ...Object.values(scriptFiles),
    `${dashboardDirectory}/index.html`,
    `${dashboardDirectory}/documents.json`,
  ]) {
    await access(file).catch((cause: unknown) => {
      throw new ServerError('missing-bundle', `${file} is not built. Run: npx turbo run build`, { cause })
    })
  }
}
