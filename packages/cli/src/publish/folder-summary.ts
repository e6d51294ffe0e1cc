import type { LeftOutPage } from '@peerpress/connectors'
import type { say } from '../output/say.ts'
import type { PublishedFolder } from './publish-folder.ts'
import type { WorkerProblem } from './worker-problem.ts'

/** A line for a person, by the kind of message that it is. */
export interface SummaryLine {
  readonly kind: keyof typeof say
  readonly text: string
}

/** Files that are left out as they should be. */
const expected: Readonly<Partial<Record<LeftOutPage['reason'], string>>> = {
  'no-page': 'parts of pages, without a doctype, <html> or <body>',
  amp: 'are AMP pages, which may not have scripts of their own',
  redirect: 'lead to another page at once',
}
/** Files that their owner can change. */
const faults: Readonly<Partial<Record<LeftOutPage['reason'], string>>> = {
  'own-configuration': 'have a configuration of their own: remove it from the template',
  encoding: 'are in UTF-16: build them in UTF-8',
  unreadable: 'have drawings that are nested too deeply',
  'too-long': 'have more than 8 MiB: split them',
  'same-address': 'have the address of another page, and are only measured: keep one of the two',
  'not-read-back': 'end in an open comment, script or text area: close it',
  'no-access': 'cannot be read or written: check their permissions',
}
const workerProblems: Readonly<Record<WorkerProblem, string>> = {
  missing: 'the site does not serve peerpress-worker.js: deploy it with the pages',
  'wrong-type':
    'the site does not serve peerpress-worker.js as text/javascript: set the type of .js files at the host',
}
/** Paths that are listed for each reason. */
const maxListed = 5

/** Returns the outcome of a run: what was done, what was left out, and what to do next. */
export function folderSummary(published: PublishedFolder): SummaryLine[] {
  const { written, pages, posts, leftOut, changes } = published
  return [
    done(`${pages} pages, ${posts} of them with media`),
    ...leftOutLines(leftOut, expected).map(done),
    done(`${written.length} files ${changes === null ? 'would be written' : 'written'}`),
    ...leftOutLines(leftOut, faults).map(problem),
    ...(changes === null ? [] : changeLines(changes)),
    ...(published.workerProblem === null ? [] : [problem(workerProblems[published.workerProblem])]),
  ]
}

function leftOutLines(
  leftOut: PublishedFolder['leftOut'],
  reasons: Readonly<Partial<Record<LeftOutPage['reason'], string>>>,
): string[] {
  return Object.entries(reasons).flatMap(([reason, text]) => {
    const paths = leftOut.filter((page) => page.reason === reason).map(({ path }) => path)
    return paths.length === 0 ? [] : [`${paths.length} ${text}: ${listed(paths)}`]
  })
}

function changeLines({
  current,
  requested,
  removed,
  waiting,
  isUnreachable,
}: NonNullable<PublishedFolder['changes']>): SummaryLine[] {
  const lines: SummaryLine[] = []
  if (current.length > 0) lines.push(done(`${current.length} posts are published as they are in the folder`))
  if (requested.length > 0) {
    lines.push(done(`${requested.length} posts: the server fetches and signs them in the background`))
  }
  if (removed.length > 0) {
    const text = 'posts are not on the site any more; the server checks and revokes them'
    lines.push(done(`${removed.length} ${text}: ${listed(removed)}`))
  }
  if (waiting.length > 0) {
    const why = isUnreachable ? 'the site cannot be reached' : 'the site does not have these pages yet'
    const next = 'Deploy the folder, then run the same command again'
    lines.push({ kind: 'step', text: `${waiting.length} posts wait: ${why}. ${next}: ${listed(waiting)}` })
  }
  return lines
}

function listed(paths: readonly string[]): string {
  const rest = paths.length - maxListed
  return paths.slice(0, maxListed).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

function done(text: string): SummaryLine {
  return { kind: 'done', text }
}

function problem(text: string): SummaryLine {
  return { kind: 'problem', text }
}
