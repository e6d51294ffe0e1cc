import { type ProbeKind, probeKinds, type ProbeRecord } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import { work } from '../limits/work.ts'
import { builder } from '../schema/builder.ts'
import { upperCased } from './enums.ts'
import { site } from './site.ts'

const dayMs = 86_400_000
/** Outcomes that one field returns at most. */
const maxOutcomes = 100

const probeKind = builder.enumType('ProbeKind', {
  description:
    'HTTP: the server requests the page alone, every minute. BROWSER: the page in a browser with all that it loads, every 15 minutes.',
  values: upperCased(probeKinds),
})

const probeFailure = builder.objectRef<NonNullable<ProbeRecord['failure']>>('ProbeFailure').implement({
  description: 'Why a probe failed.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Stable, such as bad-certificate.' }),
    message: t.exposeString('message', { description: 'What happened and what to do.' }),
  }),
})

const probePhases = builder.objectRef<ProbeRecord['timings']>('ProbePhases').implement({
  description: 'What the page itself waited for, ms. Null: the phase did not happen, or is not known.',
  fields: (t) => ({
    queue: t.float({
      nullable: true,
      description: 'Until the browser sent the request.',
      resolve: ({ queue }) => queue ?? null,
    }),
    dns: t.float({ nullable: true, description: 'Name resolution.', resolve: ({ dns }) => dns ?? null }),
    connect: t.float({
      nullable: true,
      description: 'The connection; in a browser with name resolution.',
      resolve: ({ connect }) => connect ?? null,
    }),
    tls: t.float({ nullable: true, description: 'Encryption.', resolve: ({ tls }) => tls ?? null }),
    firstByte: t.float({
      nullable: true,
      description: 'From the sent request to the first byte of the response.',
      resolve: ({ firstByte }) => firstByte ?? null,
    }),
    download: t.float({
      nullable: true,
      description: 'From the first byte to the last.',
      resolve: ({ download }) => download ?? null,
    }),
  }),
})

const probeOutcome = builder.objectRef<ProbeRecord>('ProbeOutcome').implement({
  description: 'How one probe went.',
  fields: (t) => ({
    url: t.exposeString('url', { description: 'The page that was probed.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When the probe began.' }),
    ok: t.exposeBoolean('ok', { description: 'Whether a reader would have seen the page.' }),
    failure: t.field({
      type: probeFailure,
      nullable: true,
      description: 'Null if the probe succeeded.',
      resolve: ({ failure }) => failure,
    }),
    durationMs: t.exposeFloat('durationMs', {
      description: 'ms. In a browser until the load event of the first load.',
    }),
    phases: t.field({
      type: probePhases,
      description: 'Phases of the page itself, after its redirects.',
      resolve: ({ timings }) => timings,
    }),
  }),
})

interface ProbesOfSite {
  readonly site: SiteId
  readonly kind: ProbeKind
}

const probeTally = builder
  .objectRef<{ readonly probes: number; readonly failures: number }>('ProbeTally')
  .implement({
    description: 'Counts of probes.',
    fields: (t) => ({
      probes: t.exposeInt('probes', { description: 'Probes that have an outcome.' }),
      failures: t.exposeInt('failures', { description: 'Those that failed.' }),
      availability: t.float({
        nullable: true,
        description: 'Ratio 0-1 of probes that succeeded. Null if there was none.',
        resolve: ({ probes, failures }) => (probes === 0 ? null : 1 - failures / probes),
      }),
    }),
  })

const siteProbes = builder.objectRef<ProbesOfSite>('SiteProbes').implement({
  description: 'The probes of one kind.',
  fields: (t) => ({
    kind: t.expose('kind', { type: probeKind, description: 'How the page is probed.' }),
    latest: t.field({
      type: [probeOutcome],
      description: 'The last outcomes, newest first: 10, or up to 100.',
      args: { first: t.arg.int({ defaultValue: 10 }) },
      complexity: work.record,
      resolve: ({ site: id, kind }, { first }, { registry }) => {
        const limit = Math.min(maxOutcomes, Math.max(0, first ?? 10))
        return registry.probeOutcomes.latest(id, kind, { limit, before: new Date(Date.now() + 1) })
      },
    }),
    lastDay: t.field({
      type: probeTally,
      description: 'The last 24 hours.',
      complexity: work.record,
      resolve: ({ site: id, kind }, _args, { registry }) => {
        const now = Date.now()
        return registry.probeOutcomes.count(id, { kind, from: new Date(now - dayMs), to: new Date(now + 1) })
      },
    }),
    firstSucceededAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When a probe first succeeded. Null if none did.',
      complexity: work.record,
      resolve: ({ site: id, kind }, _args, { registry }) => registry.probeOutcomes.firstSuccess(id, kind),
    }),
  }),
})

builder.objectField(site, 'probes', (t) =>
  t.field({
    type: [siteProbes],
    description:
      'Requests that this server sends to the site to see whether readers reach it: one entry for each kind.',
    complexity: { field: 0, multiplier: probeKinds.length },
    resolve: ({ id }) => probeKinds.map((kind) => ({ site: id, kind })),
  }),
)
