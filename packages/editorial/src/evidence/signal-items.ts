import { type EvidenceItem, evidenceItem, maxEvidenceText, type Site } from '@peerpress/registry'
import { canonicalLanguage } from '../language/canonical-language.ts'
import { regionOf } from '../reading/table-row.ts'
import { plain } from '../reading/text-sections.ts'
import type { CommunitySignals } from './community-signals.ts'
import type { KnownPost, KnownSignal } from './knowledge.ts'

/** Oldest signal that counts as evidence, ms. */
const maxAgeMs = 180 * 86_400_000
const maxSignals = 1000

interface SignalSources {
  readonly community: CommunitySignals
  readonly known: readonly KnownPost[]
  readonly dayOf: (at: Date) => string
  /** ms since the Unix epoch */
  readonly now: number
}

/** Returns what the community said about a site, and an item of evidence for each. */
export async function signalItems(
  site: Site,
  { community, known, dayOf, now }: SignalSources,
): Promise<{ readonly signals: KnownSignal[]; readonly items: EvidenceItem[] }> {
  const said = await community.signals(site.id, new Date(now - maxAgeMs))
  const signals: KnownSignal[] = []
  const items: EvidenceItem[] = []
  for (const signal of said.slice(0, maxSignals)) {
    const text = plain(signal.text.slice(0, maxEvidenceText))
    if (text === '') continue
    const post = known.find((each) => each.post === signal.post)
    const item = evidenceItem({
      site: site.id,
      source: signal.kind,
      date: dayOf(signal.at),
      region: regionOf(signal.region ?? undefined),
      language: canonicalLanguage(signal.language),
      post: signal.post,
      title: post?.title ?? null,
      text,
      url: post?.url ?? null,
    })
    items.push(item)
    signals.push({ ...signal, text, region: item.region, language: item.language, evidence: item.id })
  }
  return { signals, items }
}
