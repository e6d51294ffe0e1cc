import type { Sessions } from '@peerpress/store'
import { builder } from '../schema/builder.ts'

/** The type of sessions. */
export const sessions = builder.objectRef<Sessions>('Sessions').implement({
  description: 'How readers went from view to view. null: there was no session.',
  fields: (t) => ({
    count: t.expose('count', { type: 'Count', description: 'Number of sessions.' }),
    viewsPerSession: t.exposeFloat('viewsPerSession', {
      nullable: true,
      description: 'Views ÷ sessions; null when there was none.',
    }),
    engagedRatio: t.exposeFloat('engaged', {
      nullable: true,
      description: 'Sessions with two views or more, or with 10 s of attention, ÷ sessions, 0-1.',
    }),
    bounceRatio: t.exposeFloat('bounce', {
      nullable: true,
      description: 'Sessions that were not engaged ÷ sessions, 0-1.',
    }),
  }),
})
