import { objectiveKinds, severities } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import {
  type Budget,
  burnRules,
  type BurnRule,
  canBurn,
  measures,
  type Objective,
  objectivesOf,
  readBudgets,
  targetProblem,
} from '@peerpress/watch'
import { work } from '../limits/work.ts'
import { requireSite } from '../records.ts'
import { queryStore } from '../reports/query-store.ts'
import { builder } from '../schema/builder.ts'
import { upperCased } from './enums.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const objectiveKind = builder.enumType('ObjectiveKind', {
  description:
    'What an objective counts. AVAILABILITY: probes that the site answered, and views that loaded what they requested. LCP: views with a good largest contentful paint (2.5 s or less).',
  values: upperCased(objectiveKinds),
})

export const severity = builder.enumType('Severity', {
  description: 'PAGE: somebody must act now. WARNING: somebody should look in the next days.',
  values: upperCased(severities),
})

const measure = builder.enumType('Measure', {
  description: 'PROBES: requests that the server sends each minute. VIEWS: what readers experienced.',
  values: upperCased(measures),
})

const budget = builder.objectRef<Budget>('Budget').implement({
  description: 'How much of an error budget the last 30 days have used.',
  fields: (t) => ({
    measure: t.expose('measure', { type: measure, description: 'What is counted.' }),
    total: t.exposeFloat('total', { description: 'Probes, or views that measured it.' }),
    failed: t.exposeFloat('failed', { description: 'Those that failed.' }),
    left: t.exposeFloat('left', {
      nullable: true,
      description:
        '1 - failures ÷ allowed failures: 1 if nothing failed, 0 if all that is allowed, negative beyond. Null if nothing was counted.',
    }),
  }),
})

interface RuleOfObjective extends BurnRule {
  readonly canBurn: boolean
}

const burnRule = builder.objectRef<RuleOfObjective>('BurnRule').implement({
  description: 'Opens an incident if failures use the budget too fast, over a long and a short window.',
  fields: (t) => ({
    burnRate: t.exposeFloat('burnRate', { description: 'How many times faster than allowed.' }),
    longMinutes: t.int({
      description: 'The long window, minutes.',
      resolve: ({ longMs }) => longMs / 60_000,
    }),
    shortMinutes: t.int({
      description: 'The short window, minutes.',
      resolve: ({ shortMs }) => shortMs / 60_000,
    }),
    severity: t.expose('severity', { type: severity, description: 'Of the incident that it opens.' }),
    isReachable: t.exposeBoolean('canBurn', {
      description:
        'False if even a total outage stays within the rate, because the objective allows that much.',
    }),
  }),
})

interface ObjectiveOfSite extends Objective {
  readonly site: SiteId
}

const objective = builder.objectRef<ObjectiveOfSite>('Objective').implement({
  description: 'What "good" means for a site. Its error budget is what the target leaves to failures.',
  fields: (t) => ({
    kind: t.expose('kind', { type: objectiveKind, description: 'What it counts.' }),
    target: t.exposeFloat('target', { description: 'Ratio 0-1 of what must be good.' }),
    changedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was chosen. Null for the default.',
      resolve: ({ changedAt }) => changedAt,
    }),
    rules: t.field({
      type: [burnRule],
      description: 'What opens an incident, fastest first.',
      resolve: ({ target }) => burnRules.map((rule) => ({ ...rule, canBurn: canBurn(rule, target) })),
    }),
    budgets: t.field({
      type: [budget],
      description: 'The budget of the last 30 days, for each measure.',
      complexity: work.query,
      resolve: (of, _args, context) =>
        queryStore(context, (reports) =>
          readBudgets({ reports, registry: context.registry }, of, Date.now()),
        ),
    }),
  }),
})

builder.objectField(site, 'objectives', (t) =>
  t.field({
    type: [objective],
    description: 'One of each kind: the chosen one, or the default.',
    complexity: { field: work.record, multiplier: objectiveKinds.length },
    resolve: async ({ id }, _args, { registry }) =>
      objectivesOf(await registry.objectives.of(id)).map((each) => ({ ...each, site: id })),
  }),
)

builder.relayMutationField(
  'objectiveSet',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true }),
      kind: t.field({ type: objectiveKind, required: true }),
      target: t.float({ description: 'Ratio 0-1, such as 0.995. null: the default.' }),
    }),
  },
  {
    description: 'Sets an objective of a site. A target that no burn rate can reach is refused.',
    resolve: async (_root, { input: { siteId, kind, target } }, context) => {
      const found = await requireSite(context, siteId, 'site.configure')
      const problem = target == null ? null : targetProblem(target)
      if (problem !== null) throw new UserProblem('INVALID', 'target', problem)
      await context.registry.objectives.set(siteId, kind, target ?? null)
      return found
    },
  },
  { outputFields: (t) => ({ site: t.field({ type: site, resolve: (found) => found }) }) },
)
