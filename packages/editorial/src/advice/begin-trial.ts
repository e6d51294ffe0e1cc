import { randomInt } from 'node:crypto'
import type { PageTrial, Registry } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import type { SiteId } from '@peerpress/wire'
import { drawHalves } from '../effects/draw-halves.ts'
import { type AdviceKind, isAboutTitle } from './advice.ts'
import { AdviceError } from './advice-error.ts'
import { findAdvice } from './find-advice.ts'

/** A text that a person approved for a page. */
export interface ApprovedText {
  readonly post: string
  readonly text: string
}

export interface TrialRequest {
  readonly site: SiteId
  readonly kind: AdviceKind
  /** Texts of the pages that take part, each its own. */
  readonly texts: readonly ApprovedText[]
  /** The name of the person who approves them. */
  readonly by: string
}

export interface TrialSources {
  readonly registry: Pick<Registry, 'pageTexts' | 'pageTrials'>
  readonly store: Pick<Store, 'pageVisits'>
  /** ms since the Unix epoch. */
  readonly now: () => number
}

const maxPages = 500
const maxLength = 1000
const dayMs = 86_400_000
/** Days of search visits by which pages are paired. */
const pairingDays = 28

/**
 * Begins a trial: draws the half of the pages that is changed, and enqueues their changes. All pages need advice of the same kind,
 * so that the halves are comparable.
 * @throws {AdviceError}
 * @throws {RegistryError} `unknown-site`, `page-in-trial`
 */
export async function beginTrial(
  request: TrialRequest,
  { registry, store, now }: TrialSources,
): Promise<PageTrial> {
  const { site, kind, texts, by } = request
  if (texts.length < 2) {
    throw new AdviceError(
      'too-few-pages',
      'A trial needs two pages or more: one half is changed, the other waits.',
    )
  }
  if (texts.length > maxPages)
    throw new AdviceError('too-many-pages', `A trial has at most ${maxPages} pages.`)
  const advice = new Map(
    findAdvice(await registry.pageTexts.list(site))
      .filter((each) => each.kind === kind)
      .map((each) => [each.post, each]),
  )
  const approved = new Map(texts.map(({ post, text }) => [post, requirePlain(text)]))
  if (approved.size < texts.length)
    throw new AdviceError('repeated-page', 'A page is named twice: approve one text for each.')
  for (const post of approved.keys()) {
    if (!advice.has(post))
      throw new AdviceError('unknown-page', `The post ${post.slice(0, 64)} needs no such change any more.`)
  }
  const end = now()
  const range = { site, from: new Date(end - pairingDays * dayMs), to: new Date(end) }
  const visits = new Map((await store.pageVisits(range)).map((of) => [of.post, of.searchVisits]))
  const pages = [...approved.keys()].map((post) => ({ post, visits: visits.get(post) ?? 0 }))
  const changed = new Set(drawHalves(pages, drawRandom).changed)
  return registry.pageTrials.begin({
    site,
    kind,
    startedBy: by,
    pages: [...approved].flatMap(([post, text]) => {
      const of = advice.get(post)
      if (of === undefined) return []
      return {
        post,
        url: of.url,
        seen: of.shown,
        isChangedHalf: changed.has(post),
        title: isAboutTitle(kind) ? text : null,
        description: isAboutTitle(kind) ? null : text,
      }
    }),
  })
}

/** A number that nobody can foresee, so that nobody can choose the halves. */
function drawRandom(): number {
  return randomInt(2 ** 32) / 2 ** 32
}

function requirePlain(text: string): string {
  const plain = text.trim()
  if (plain === '' || plain.length > maxLength || /[\p{Cc}<>]/u.test(plain) || !plain.isWellFormed()) {
    throw new AdviceError('bad-text', `A text has one line of 1 to ${maxLength} characters, without markup.`)
  }
  return plain
}
