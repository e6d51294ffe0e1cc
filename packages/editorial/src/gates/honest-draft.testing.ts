import { type DraftContent, type EvidenceItem, evidenceItem } from '@peerpress/registry'
import type { GateInput, SiblingPage } from './gate.ts'

/** Makes an item of evidence. */
export function item(text: string, given: Partial<Omit<EvidenceItem, 'id'>> = {}): EvidenceItem {
  return evidenceItem({
    site: 'abcdefgh01234567',
    source: 'upload',
    date: '2026-03-05',
    region: 'FR',
    language: 'en',
    post: null,
    title: null,
    url: null,
    ...given,
    text,
  })
}

const hours = item('Bakery Durand, Lyon. Open from 06:30, Tuesday to Sunday. Since 1987.')
const prices = item('Product;Price (EUR)\nSourdough loaf;4.50\nBaguette;1.20', { title: 'Price list 2026' })
const readers = item(
  'On 5 March 2026 the post about sourdough was read by 1,240 readers in France; 38 % of them reached its end.',
  { source: 'engagement', post: '12' },
)
const searches = item('sourdough lyon: shown 310 times', { source: 'query' })

export const honestEvidence = { hours, prices, readers, searches }

const honestContent: DraftContent = {
  title: 'Where to find sourdough bread in Lyon',
  description: 'What a loaf costs at Bakery Durand, and when the shop is open.',
  sections: [
    {
      heading: 'A loaf for 4.50 euros',
      claims: [
        {
          text: 'A sourdough loaf costs €4.50, while a baguette is sold for €1.20.',
          evidence: [prices.id],
        },
        {
          text: 'Bakery Durand in Lyon opens its doors at 6:30 am from Tuesday on.',
          evidence: [hours.id],
        },
        { text: 'The family has baked there since 1987.', evidence: [hours.id] },
      ],
    },
    {
      heading: 'Why readers ask',
      claims: [
        {
          text: 'In March 2026 our text about this bread had 1240 readers from France, and 38% read it to the end.',
          evidence: [readers.id],
        },
        { text: 'A search engine showed us 310 times to people who looked for it.', evidence: [searches.id] },
      ],
    },
  ],
}

/** Another page of the site. */
export const sibling: SiblingPage = {
  post: '7',
  title: 'Rye bread at home',
  text: 'Rye flour takes up more water than wheat flour does. Mix the dough the evening before and let it rest in a cool room. Bake it in a hot oven until the crust is dark, then wait a day before you cut the first slice.',
}

/** A draft that an honest person wrote from its evidence. */
export const honest: GateInput = {
  content: honestContent,
  evidence: new Map([hours, prices, readers, searches].map((each) => [each.id, each])),
  language: 'en',
  region: 'FR',
  siblings: [sibling],
}

/** The honest draft with one more claim in its first section. */
export function withClaim(text: string, evidence: readonly string[] = [hours.id]): GateInput {
  const [first, ...others] = honestContent.sections
  const claims = [...(first?.claims ?? []), { text, evidence }]
  const sections = [{ heading: first?.heading ?? '', claims }, ...others]
  return { ...honest, content: { ...honestContent, sections } }
}

/** A draft of one claim that cites one text. */
export function oneClaim(
  text: string,
  evidence: EvidenceItem | string,
  { language = 'en', region = null }: { readonly language?: string; readonly region?: string | null } = {},
): GateInput {
  const cited = typeof evidence === 'string' ? item(evidence, { language }) : evidence
  const sections = [{ heading: '', claims: [{ text, evidence: [cited.id] }] }]
  return {
    content: { title: '', description: '', sections },
    evidence: new Map([[cited.id, cited]]),
    language,
    region,
    siblings: [],
  }
}
