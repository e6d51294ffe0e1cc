import { rules, type SiteFinding } from '@peerpress/insights'
import type { RequestContext } from '../context.ts'
import { pageWork } from '../limits/work.ts'
import { requireSite, siteOf } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { pageOf } from '../schema/connection.ts'
import { upperCased } from './enums.ts'
import { figure, reason } from './reason.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const findingRule = builder.enumType('FindingRule', {
  description: 'The rules that find something.',
  values: withDescriptions(upperCased(rules.map(({ name }) => name))),
})

/** A finding. Its global id holds `siteId/rule/subject`: only the subject may contain a slash. */
const finding = builder.objectRef<SiteFinding>('Finding')

builder.node(finding, {
  description: 'Something about a site that deserves attention, with its numbers.',
  id: { resolve: ({ site: siteId, rule, subject }) => `${siteId}/${rule}/${subject}` },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'lastFoundAt' in value,
  loadOne: async (id, context) => {
    const key = keyOf(id)
    if ((await siteOf(context, key.site, 'report.read')) === null) return null
    return isShown(key, context) ? context.insights.finding(key) : null
  },
  fields: (t) => ({
    rule: t.expose('rule', { type: findingRule }),
    title: t.string({
      description: 'What the rule finds, as a heading.',
      resolve: ({ rule }) => rules.find(({ name }) => name === rule)?.title ?? rule,
    }),
    sentence: t.string({
      description: 'The finding with its numbers.',
      resolve: ({ content }) => content.sentence,
    }),
    action: t.string({ description: 'What to do about it.', resolve: ({ content }) => content.action }),
    link: t.string({
      description: "Where to look: a path of the dashboard, or an address of the site's.",
      resolve: ({ content }) => content.link,
    }),
    country: t.string({
      nullable: true,
      description: 'ISO 3166-1 alpha-2; null if it is about no country.',
      resolve: ({ content }) => content.country,
    }),
    postId: t.string({
      nullable: true,
      description: "The CMS's id of the post; null if it is about no post.",
      resolve: ({ content }) => content.post,
    }),
    samples: t.int({
      description: 'Measured views behind it.',
      resolve: ({ content }) => Math.round(content.samples),
    }),
    minSamples: t.int({
      description: 'Measured views from which on the rule says anything.',
      resolve: ({ content }) => content.minSamples,
    }),
    effect: t.exposeFloat('effect', {
      description: 'How far it deviates, 0-1; comparable between findings of one rule.',
    }),
    score: t.exposeFloat('score', {
      description: 'Views of four weeks that it concerns × effect. Findings are ranked by it.',
    }),
    figures: t.field({ type: [figure], resolve: ({ content }) => content.figures }),
    reasons: t.field({
      type: [reason],
      description: 'The most likely first; empty where nothing that was measured explains it.',
      resolve: ({ content }) => content.reasons,
    }),
    firstFoundAt: t.expose('firstFoundAt', { type: 'DateTime' }),
    lastFoundAt: t.expose('lastFoundAt', { type: 'DateTime' }),
    dismissedAt: t.expose('dismissedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was dismissed; null if it was not, or if its effect has grown by half since.',
    }),
  }),
})

/** Findings about releases name versions of plugins, which tell attackers of public reports what faults a site has. */
function isShown(
  { rule }: { readonly rule: string },
  { principal }: Pick<RequestContext, 'principal'>,
): boolean {
  return rule !== 'change-after-release' || principal.kind !== 'reader'
}

builder.objectField(site, 'findings', (t) =>
  t.connection({
    type: finding,
    description:
      'What the last analysis found, the highest score first. Analyses run each day and after an import.',
    args: {
      dismissed: t.arg.boolean({
        defaultValue: false,
        description: 'true: the dismissed findings instead of the others.',
      }),
    },
    complexity: pageWork,
    resolve: async ({ id }, { dismissed, ...args }, context) => {
      const findings = (await context.insights.findings(id)).filter((each) => isShown(each, context))
      const chosen = findings.filter(({ dismissedAt }) => (dismissedAt !== null) === (dismissed ?? false))
      return pageOf(chosen, args, rankOf)
    },
  }),
)

builder.relayMutationField(
  'findingDismiss',
  {
    inputFields: (t) => ({
      findingId: t.globalID({ required: true, for: finding, description: "The finding's id." }),
      dismissed: t.boolean({
        defaultValue: true,
        description: 'false: takes the dismissal back.',
      }),
    }),
  },
  {
    description: 'Dismisses a finding until its effect is half as large again, or takes that back.',
    resolve: async (_root, { input: { findingId, dismissed } }, context) => {
      const key = keyOf(findingId.id)
      await requireSite(context, key.site, 'post.publish')
      const found = await context.insights.dismiss(key, dismissed ?? true)
      if (found === null) {
        throw new UserProblem(
          'NOT_FOUND',
          'findingId',
          'The last analysis did not find this any more; load the list again.',
        )
      }
      return found
    },
  },
  { outputFields: (t) => ({ finding: t.field({ type: finding, resolve: (found) => found }) }) },
)

/** Adds each rule's description to its value. */
function withDescriptions<Values extends Readonly<Record<string, { readonly value: string }>>>(
  values: Values,
): Values {
  const described = Object.entries(values).map(([name, { value }]) => {
    const rule = rules.find((each) => each.name === value)
    return [name, { value, description: rule?.description }]
  })
  return Object.fromEntries(described) as Values
}

/** The order of a page is that of texts, so that the score is written with leading zeros. */
function rankOf({ score, rule, subject }: SiteFinding): string {
  return `${score.toFixed(6).padStart(24, '0')} ${rule} ${subject}`
}

function keyOf(id: string): { readonly site: string; readonly rule: string; readonly subject: string } {
  const [siteId = '', rule = '', ...subject] = id.split('/')
  return { site: siteId, rule, subject: subject.join('/') }
}
