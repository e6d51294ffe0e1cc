import { type BotSign, type BotViews, botSigns, type DropCount } from '@peerpress/store'
import { builder } from '../schema/builder.ts'
import { upperCased } from './enums.ts'

const botSign = builder.enumType('BotSign', {
  description:
    'What a bot was told by. AGENT: its user agent. WEBDRIVER: a program drives the browser. IMPOSSIBLE: it tells times that no browser can. DATA_CENTRE: it comes from one, and did nothing with the page.',
  values: upperCased<BotSign>(botSigns),
})

const botsOfSign = builder.objectRef<BotViews['signs'][number]>('BotsOfSign').implement({
  fields: (t) => ({
    sign: t.expose('sign', { type: botSign }),
    views: t.exposeInt('views'),
  }),
})

const botsOfAgent = builder.objectRef<BotViews['agents'][number]>('BotsOfAgent').implement({
  fields: (t) => ({
    agent: t.exposeString('agent', { description: 'The part of the user agent that gave it away.' }),
    views: t.exposeInt('views'),
  }),
})

/** Bots' views of a range. */
export const botViews = builder.objectRef<BotViews>('BotViews').implement({
  description: 'Views that no person was behind. They are kept apart, and no other figure has them.',
  fields: (t) => ({
    views: t.exposeInt('views'),
    signs: t.expose('signs', { type: [botsOfSign], description: 'Most views first.' }),
    agents: t.expose('agents', { type: [botsOfAgent], description: 'Most views first, 50 at most.' }),
  }),
})

/** Beacons of a range that were not kept. */
export const dropCount = builder.objectRef<DropCount>('DropCount').implement({
  description: 'Beacons of the site that were not kept, for one reason.',
  fields: (t) => ({
    reason: t.exposeString('reason', { description: 'As the answer to the beacon names it.' }),
    beacons: t.exposeInt('beacons'),
  }),
})
