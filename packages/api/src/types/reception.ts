import { type BotSign, type BotViews, botSigns, type DropCount } from '@peerpress/store'
import { builder } from '../schema/builder.ts'
import { upperCased } from './enums.ts'

const botSign = builder.enumType('BotSign', {
  description:
    'The sign that identified a bot. AGENT: its user agent. WEBDRIVER: a program controls the browser. IMPOSSIBLE: its times are impossible for a browser. DATA_CENTRE: it is in a data centre and did not interact with the page.',
  values: upperCased<BotSign>(botSigns),
})

const botsOfSign = builder.objectRef<BotViews['signs'][number]>('BotsOfSign').implement({
  description: "Bots' views by the sign that identified them.",
  fields: (t) => ({
    sign: t.expose('sign', { type: botSign, description: 'The sign.' }),
    views: t.expose('views', { type: 'Count', description: 'Number of views.' }),
  }),
})

const botsOfAgent = builder.objectRef<BotViews['agents'][number]>('BotsOfAgent').implement({
  description: "Bots' views by their user agent.",
  fields: (t) => ({
    agent: t.exposeString('agent', { description: 'The part of the user agent that identified it.' }),
    views: t.expose('views', { type: 'Count', description: 'Number of views.' }),
  }),
})

/** The type of bots' views. */
export const botViews = builder.objectRef<BotViews>('BotViews').implement({
  description: 'Views of bots. They are stored separately, and no other figure counts them.',
  fields: (t) => ({
    views: t.expose('views', { type: 'Count', description: 'Number of views.' }),
    signs: t.expose('signs', { type: [botsOfSign], description: 'Most views first.' }),
    agents: t.expose('agents', { type: [botsOfAgent], description: 'Most views first, 50 at most.' }),
  }),
})

/** The type of dropped beacons. */
export const dropCount = builder.objectRef<DropCount>('DropCount').implement({
  description: 'Beacons of the site that were dropped for one reason.',
  fields: (t) => ({
    reason: t.exposeString('reason', { description: 'The reason in the response to the beacon.' }),
    beacons: t.expose('beacons', { type: 'Count', description: 'Number of beacons.' }),
  }),
})
