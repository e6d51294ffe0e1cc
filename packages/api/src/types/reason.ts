import { type Figure, type Reason, reasonKinds } from '@peerpress/insights'
import { builder } from '../schema/builder.ts'
import { upperCased } from './enums.ts'

const reasonKind = builder.enumType('ReasonKind', {
  description:
    'Why a region may lag. SHOWN_LESS: fewer impressions in search results, or a worse position. CLICKED_LESS: fewer clicks per impression. SLOWER, LESS_RELIABLE: than in other countries. READ_LESS: readers stay for a shorter time than before.',
  values: upperCased(reasonKinds),
})

/** A number behind a finding. */
export const figure = builder.objectRef<Figure>('Figure').implement({
  description: 'A number behind a finding or a reason.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'In words.' }),
    unit: t.exposeString('unit', {
      description: 'visits-per-week, per-day, share (0-1), ratio, position, ms, score, bytes or views.',
    }),
    value: t.exposeFloat('value'),
    comparedWith: t.exposeFloat('comparedWith', {
      nullable: true,
      description: 'The number that it is compared with; null if it stands alone.',
    }),
  }),
})

/** A reason that the evidence supports. */
export const reason = builder.objectRef<Reason>('Reason').implement({
  description: 'A reason that the evidence supports.',
  fields: (t) => ({
    kind: t.expose('kind', { type: reasonKind }),
    sentence: t.exposeString('sentence', { description: 'The reason with its numbers.' }),
    strength: t.exposeFloat('strength', {
      description:
        'How far the region is from what it is compared with, as ln of their ratio. Reasons are ranked by it.',
    }),
    figures: t.expose('figures', { type: [figure] }),
  }),
})
