import { type EndpointServer, startEndpoint, streamText } from '@peerpress/editorial/testing'

/** What a model gets: a part of the prompt of a draft. */
interface GivenEvidence {
  readonly id: string
  readonly text: string
}

/** The works of {@link workPrices} with their prices. */
const prices = [
  { work: 'Remove moss', euros: 380 },
  { work: 'Prune an old rose', euros: 25 },
  { work: 'Guided walk', euros: 12 },
] as const

/** A table that an owner uploads, about readers in France. */
export const workPrices =
  'Work,Price,Region\nRemove moss from a slate roof,380 EUR,FR\nPrune an old rose,25 EUR,FR\nGuided walk over the dunes,12 EUR,FR\n'

export const draftTitle = 'What garden work costs in France'
export const inventedPrice = '990 EUR'

/** Starts a model on loopback that invents a price in its first draft, and says only what the uploaded table says in the next. */
export function startDraftingEndpoint(): Promise<EndpointServer> {
  return startEndpoint((response, { body }, count) => {
    const { messages } = body as { messages: readonly { readonly content: unknown }[] }
    const { evidence } = JSON.parse(textOf(messages.at(-1)?.content)) as {
      evidence: readonly GivenEvidence[]
    }
    const idOf = (work: string) => evidence.find(({ text }) => text.includes(work))?.id ?? 'missing'
    const [roof, rose, walk] = prices.map(({ work, euros }) => ({ id: idOf(work), price: `${euros} EUR` }))
    const roofPrice = count === 1 ? inventedPrice : roof?.price
    const claims = [
      { text: `The work of taking moss off a slate roof is ${roofPrice}.`, evidence: [roof?.id] },
      { text: `If somebody prunes an old rose, it is ${rose?.price}.`, evidence: [rose?.id] },
      { text: `For a walk with a guide, the price is ${walk?.price}.`, evidence: [walk?.id] },
    ]
    const draft = {
      title: draftTitle,
      description: 'Prices of garden work for readers in France.',
      sections: [{ heading: 'What it costs in France', claims }],
    }
    streamText(response, JSON.stringify(draft))
  })
}

/** A message's content is a text, or parts with texts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: { readonly text?: string }) => part.text ?? '').join('')
}
