import type { Brief, Draft, PageTrial } from '@peerpress/registry'
import type { Advice } from '../advice/advice.ts'
import type { Effect } from '../effects/estimate-effect.ts'
import type { TrialEffect } from '../effects/trial-effect.ts'

/** What a digest is made of. */
export interface DigestFacts {
  /** The list of the day, ranked. */
  readonly briefs: readonly Brief[]
  readonly drafts: readonly Draft[]
  readonly advice: readonly Advice[]
  readonly trials: readonly { readonly trial: PageTrial; readonly effect: TrialEffect }[]
  /** The beginning of the week, epoch ms. Trials whose figures came later are reported. */
  readonly since: number
  /** The page of the dashboard that has all of it. */
  readonly page: string
}

const maxBriefs = 5
/** Characters of a text in a digest. */
const maxText = 200

/** Returns a site's digest as plain text; null if there is nothing to report. */
export function composeDigest({ briefs, drafts, advice, trials, since, page }: DigestFacts): string | null {
  const passed = drafts.filter(({ status }) => status === 'passed')
  const conflicts = drafts.filter(({ status }) => status === 'conflict' || status === 'failed')
  const measured = trials.filter(
    ({ effect }) => (effect.readyAt?.getTime() ?? 0) >= since && effect.searchVisits !== null,
  )
  const parts = [
    listed(
      'What to write next:',
      briefs.slice(0, maxBriefs).map(({ question, why }) => `${question} (${why})`),
    ),
    listed(
      'Drafts that wait for a person:',
      passed.map(({ content }) => content?.title ?? 'Without title'),
    ),
    listed(
      'Drafts that did not get into the CMS:',
      conflicts.map(
        ({ content, error }) => `${content?.title ?? 'Without title'}: ${error ?? 'no reason is known'}`,
      ),
    ),
    listed(
      'Changes that were measured:',
      measured.map(({ trial, effect }) => effectText(trial, effect)),
    ),
    advice.length === 0 ? null : `Titles and descriptions to improve: ${advice.length}.`,
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : [...parts, `All of it: ${page}`].join('\n\n')
}

function listed(heading: string, entries: readonly string[]): string | null {
  return entries.length === 0 ? null : [heading, ...entries.map((entry) => `- ${line(entry)}`)].join('\n')
}

function effectText({ kind }: PageTrial, { searchVisits, engagedTime }: TrialEffect): string {
  return `${kind.replace('-', ' ')}: search visits ${figure(searchVisits)}, engaged time ${figure(engagedTime)}`
}

function figure(effect: Effect | null): string {
  if (effect === null) return 'not measured yet'
  if (!effect.isEnough) return 'unknown, not enough pages'
  return `${percent(effect.effect)} (95 % interval ${percent(effect.low)} to ${percent(effect.high)})`
}

function percent(ratio: number): string {
  const rounded = Math.round(100 * ratio)
  return `${rounded > 0 ? '+' : ''}${rounded} %`
}

/** Returns a text as one line, so that no part of a message can pass for another. */
function line(text: string): string {
  const plain = text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  return plain.length > maxText ? `${plain.slice(0, maxText).toWellFormed()}…` : plain
}
