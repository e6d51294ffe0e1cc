import type { PageChange, PageFields, Registry, RunningJob, Site } from '@peerpress/registry'
import type { Cms } from '../cms/cms.ts'
import { CmsError } from '../cms/cms-error.ts'
import type { PageAnswer, PageCommand } from '../cms/commands.ts'

/**
 * Fetches a post's public page past caches, and returns what it shows.
 * @throws {CmsError} `unreachable`
 */
export type ReadPage = (
  site: Site,
  change: Pick<PageChange, 'post' | 'url'>,
  signal: AbortSignal,
) => Promise<PageFields>

export interface PageChangesOptions {
  readonly registry: Pick<Registry, 'pageTrials' | 'sites'>
  readonly cms: Pick<Cms, 'writePage'>
  readonly readPage: ReadPage
}

/** Attempts after which a site that does not answer counts as failed, and a page that does not show a change as not showing it. */
const maxAttempts = 6

/**
 * Creates the handler of the queue of changes: it writes a change into the CMS, proves it by fetching the public page again, or
 * undoes it. Nothing is overwritten that somebody edited meanwhile. Rejects if another attempt may succeed.
 */
export function createPageChanges(options: PageChangesOptions): (job: RunningJob) => Promise<void> {
  const { registry } = options
  return async ({ data, attempt, signal }) => {
    const id = changeIn(data)
    const change = await registry.pageTrials.change(id)
    const site = change === null ? null : await registry.sites.get(change.site)
    if (change === null || site === null) return
    const run = { ...options, site, attempt, signal }
    if (change.status === 'undoing') return undo(change, run)
    const written = change.status === 'queued' ? await write(change, run) : change
    if (written?.status === 'written') await prove(written, run)
  }
}

interface Run extends PageChangesOptions {
  readonly site: Site
  readonly attempt: number
  readonly signal: AbortSignal
}

async function write(change: PageChange, run: Run): Promise<PageChange | null> {
  const { pageTrials } = run.registry
  const { id, title, description, seen } = change
  const settle = (to: 'conflict' | 'failed', error: string) =>
    pageTrials.record(id, { from: ['queued'], to, error })
  return settling(run, settle, async () => {
    const shown = await run.readPage(run.site, change, run.signal)
    // After a lost answer the page may show the change already.
    if (!isShown(change, shown) && !isSame(shown, seen)) {
      return settle(
        'conflict',
        'The page shows another title or description than the one that was approved to be replaced.',
      )
    }
    const answer = await run.cms.writePage(
      { post: change.post, ...(title !== null && { title }), ...(description !== null && { description }) },
      { site: change.site, id: `${id}-write`, signal: run.signal },
    )
    if (answer.result === 'conflict') return settle('conflict', edited(answer))
    const { place, before } = answer
    const written = await pageTrials.record(id, {
      from: ['queued'],
      to: 'written',
      place,
      before,
      error: null,
    })
    // A person ended or rolled back the trial while the CMS wrote: the page is not among its changes any more.
    if (written === null) await writeBack({ ...change, before }, 'withdraw', run)
    return written
  })
}

async function prove(change: PageChange, run: Run): Promise<void> {
  const { pageTrials } = run.registry
  const settle = (_to: 'failed', error: string) =>
    pageTrials.record(change.id, { from: ['written'], to: 'not-shown', error })
  await settling(run, settle, async () => {
    const shown = await run.readPage(run.site, change, run.signal)
    if (isShown(change, shown)) {
      return pageTrials.record(change.id, { from: ['written'], to: 'proven', error: null })
    }
    const error =
      'The CMS has the change, and the public page does not show it: a cache or another plugin may.'
    if (run.attempt >= maxAttempts) return settle('failed', error)
    await pageTrials.record(change.id, { from: ['written'], to: 'written', error })
    throw new Error('the page does not show the change yet')
  })
}

async function undo(change: PageChange, run: Run): Promise<void> {
  const { pageTrials } = run.registry
  const { id } = change
  const settle = (to: 'conflict' | 'failed', error: string) =>
    pageTrials.record(id, { from: ['undoing'], to, error })
  await settling(run, settle, async () => {
    const answer = await writeBack(change, 'undo', run)
    if (answer.result === 'conflict') return settle('conflict', edited(answer))
    const undone = await pageTrials.record(id, { from: ['undoing'], to: 'undone', error: null })
    // Advice is about what the page shows now. If it cannot be read, the next daily reading has it.
    await run.readPage(run.site, change, run.signal).catch(() => undefined)
    return undone
  })
}

/** Writes back what the fields had before, unless somebody edited them since. */
function writeBack(
  { id, site, post, title, description, before }: PageChange,
  attempt: 'undo' | 'withdraw',
  { cms, signal }: Run,
): Promise<PageAnswer> {
  const command: PageCommand = {
    post,
    ...(title !== null && { title: before?.title ?? null }),
    ...(description !== null && { description: before?.description ?? null }),
    expected: { ...(title !== null && { title }), ...(description !== null && { description }) },
  }
  return cms.writePage(command, { site, id: `${id}-${attempt}`, signal })
}

/** Runs a step, and settles it if the site fails for good; rethrows what may pass. */
async function settling(
  { attempt: count }: Run,
  settle: (to: 'failed', error: string) => Promise<PageChange | null>,
  step: () => Promise<PageChange | null>,
): Promise<PageChange | null> {
  try {
    return await step()
  } catch (error) {
    if (!(error instanceof CmsError) || (error.isPassing && count < maxAttempts)) throw error
    return settle('failed', error.message)
  }
}

/** Whether a page shows what a change writes. */
function isShown({ title, description }: PageChange, shown: PageFields): boolean {
  return (
    (title === null || plain(shown.title) === plain(title)) &&
    (description === null || plain(shown.description) === plain(description))
  )
}

function isSame(a: PageFields, b: PageFields): boolean {
  return plain(a.title) === plain(b.title) && plain(a.description) === plain(b.description)
}

/** Themes break lines and typographers replace spaces. */
function plain(text: string | null): string {
  return (text ?? '').normalize('NFC').replace(/\s+/gu, ' ').trim()
}

function edited({ now }: PageAnswer): string {
  const texts = [now.title, now.description]
    .filter((text) => text !== null)
    .map((text) => `“${text.slice(0, 100)}”`)
  return `Somebody edited the fields meanwhile (${texts.join(', ') || 'they are empty'}). Nothing was overwritten.`
}

function changeIn(data: unknown): string {
  const change = typeof data === 'object' && data !== null && 'change' in data ? data.change : null
  if (typeof change !== 'string') throw new Error('the job names no change')
  return change
}
