import { type Folder, openFolder, publishedContent, writeFolder } from '@peerpress/connectors'
import { readPage } from '@peerpress/publisher'
import type { GraphqlClient } from '../client/graphql-client.ts'
import { CliError } from '../cli-error.ts'
import { progressLine } from '../output/progress-line.ts'
import { type ChangeProgress, type Changes, publishChanges } from './publish-changes.ts'
import { findWorkerProblem, type WorkerProblem } from './worker-problem.ts'
import { publishRemovals } from './publish-removals.ts'
import { staticSite, type StaticSiteOptions } from './static-site.ts'

export interface PublishFolderOptions extends StaticSiteOptions {
  readonly directory: string
  readonly isDryRun: boolean
}

/** The outcome of a run. `--json` prints it. */
export interface PublishedFolder {
  /** Paths of the files that were written, or would be. */
  readonly written: readonly string[]
  /** Number of pages that have the scripts. */
  readonly pages: number
  /** Number of those that have media. */
  readonly posts: number
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[]
  /** null in a dry run */
  readonly changes: (Changes & { readonly removed: readonly string[] }) | null
  /** The reason why browsers do not take the worker from the site; null if they do, or before the deploy. */
  readonly workerProblem: WorkerProblem | null
}

/**
 * Writes into the folder of a built site, and requests the publication of what changed on the site.
 * @throws {CliError} and {ConnectorError} `name-taken`
 */
export async function publishFolder(
  client: GraphqlClient,
  options: PublishFolderOptions,
): Promise<PublishedFolder> {
  const { directory, isDryRun } = options
  const folder = await openSite(directory)
  const site = await staticSite(client, options)
  const onProgress = progressLine<{ pages: number; written: number }>(
    ({ pages, written }) => `${pages} pages, ${written} files written`,
  )
  const { written, posts, pages, leftOut } = await writeFolder({
    folder,
    site,
    readPage,
    isDryRun,
    onProgress,
  })
  const result = { written, pages, posts: posts.length, leftOut }
  if (isDryRun) return { ...result, changes: null, workerProblem: null }
  const changes = await publishChanges(posts, {
    ...options,
    client,
    isPublished: publishedContent(folder, site.home),
    onProgress: progressLine<ChangeProgress>(
      ({ checked, posts: all }) => `${checked} of ${all} posts compared`,
    ),
  })
  const { origins } = site
  const removed = changes.isUnreachable
    ? []
    : await publishRemovals(posts, { siteId: options.siteId, client, origins, readPage })
  const isDeployed = changes.current.length + changes.requested.length > 0
  const workerProblem = isDeployed ? await findWorkerProblem(site.home) : null
  return { ...result, changes: { ...changes, removed }, workerProblem }
}

async function openSite(directory: string): Promise<Folder> {
  const folder = await openFolder(directory).catch((cause: unknown) => {
    throw new CliError(
      'usage',
      `${directory} is no folder that can be read: name the folder of the built site.`,
      { cause },
    )
  })
  // The folder of the sources, or of a whole disk, must not be changed by mistake.
  if ((await folder.sizeOf('index.html')) === null && (await folder.sizeOf('index.htm')) === null) {
    throw new CliError(
      'usage',
      `${directory} has no index.html: name the folder that the site is deployed from.`,
    )
  }
  return folder
}
