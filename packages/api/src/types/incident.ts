import { accountOf, may } from '@peerpress/accounts'
import { entryTypes, type Incident, type IncidentEntry, symptoms } from '@peerpress/registry'
import { pageWork, work } from '../limits/work.ts'
import { findIncident, requireAction } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { keysetPageOf } from '../schema/keyset.ts'
import { upperCased } from './enums.ts'
import { severity } from './objective.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const symptom = builder.enumType('Symptom', {
  description:
    'What is wrong. ORIGIN_DOWN: the site does not answer. PROBE_SILENT, BROWSER_PROBE_SILENT: no probe has ended for long. PAGE_BROKEN: the page does not work in a browser. AVAILABILITY, LCP: the budget of the objective burns too fast.',
  values: upperCased(symptoms),
})

const entryType = builder.enumType('IncidentEntryType', {
  description: 'What happened to an incident.',
  values: upperCased(entryTypes),
})

const incidentEntry = builder.objectRef<IncidentEntry>('IncidentEntry').implement({
  description: "An entry of an incident's history.",
  fields: (t) => ({
    type: t.expose('type', { type: entryType, description: 'What happened.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    text: t.exposeString('text', { description: 'The same for people, with figures.' }),
  }),
})

const incident = builder.objectRef<Incident>('Incident')

builder.node(incident, {
  description: 'Trouble of a site that has one cause. A site has one open incident per symptom.',
  id: { resolve: ({ id }) => id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'symptom' in value,
  loadOne: (id, context) => findIncident(context, id),
  fields: (t) => ({
    incidentId: t.exposeString('id', { description: 'The id that mutations take.' }),
    symptom: t.expose('symptom', { type: symptom, description: 'What is wrong.' }),
    severity: t.expose('severity', { type: severity, description: 'The worst so far.' }),
    summary: t.exposeString('summary', { description: 'One sentence or two with figures.' }),
    since: t.expose('since', {
      type: 'DateTime',
      description: 'When the trouble began, as far as it is known.',
    }),
    openedAt: t.expose('openedAt', { type: 'DateTime', description: 'When it was found.' }),
    acknowledgedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When somebody took it on. Null if nobody has.',
      resolve: ({ acknowledgedAt }) => acknowledgedAt,
    }),
    acknowledgedBy: t.exposeString('acknowledgedBy', {
      nullable: true,
      description: 'Who took it on. Null if nobody has.',
    }),
    resolvedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ended. Null while it is open.',
      resolve: ({ resolvedAt }) => resolvedAt,
    }),
    entries: t.field({
      type: [incidentEntry],
      description: 'Its history, oldest first.',
      complexity: work.record,
      resolve: ({ id }, _args, { registry }) => registry.incidents.entries(id),
    }),
  }),
})

builder.objectField(site, 'mayAcknowledge', (t) =>
  t.boolean({
    description: 'Whether you may acknowledge its incidents.',
    resolve: ({ id }, _args, { principal }) => may(principal, 'incident.acknowledge', id),
  }),
)

builder.objectField(site, 'incidents', (t) =>
  t.connection({
    type: incident,
    description: 'Open ones first, then the newest first.',
    complexity: pageWork,
    resolve: ({ id }, args, { registry }) =>
      keysetPageOf(args, {
        list: ['incidents', id],
        load: (query) => registry.incidents.page(id, query),
      }),
  }),
)

builder.relayMutationField(
  'incidentAcknowledge',
  { inputFields: (t) => ({ incidentId: t.string({ required: true }) }) },
  {
    description: 'Records that somebody deals with an open incident. An incident is acknowledged once.',
    resolve: async (_root, { input: { incidentId } }, context) => {
      const found = await findIncident(context, incidentId)
      if (found === null) throw new UserProblem('NOT_FOUND', 'incidentId', 'There is no such incident.')
      requireAction(context, 'incident.acknowledge', found.site)
      const by = accountOf(context.principal)?.name ?? 'The operator'
      return { incident: (await context.registry.incidents.acknowledge(found.id, by)) ?? found }
    },
  },
  { outputFields: (t) => ({ incident: t.expose('incident', { type: incident }) }) },
)
