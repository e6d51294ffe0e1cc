import type { Collector } from '@peerpress/collector'
import type { Publisher } from '@peerpress/publisher'
import type { Tracker } from '@peerpress/tracker'
import type { StoreDamageWatch } from '../data-folder/watch-store-damage.ts'
import type { Bodies } from '../entry/bodies.ts'
import type { RoleStatus } from '../roles/supervised-role.ts'
import type { UnexpectedErrors } from './unexpected-errors.ts'
import type { PublicationWatch } from './watch-publications.ts'

/** The parts of a server that count. */
export interface CountingParts {
  /** The state of each role of this server. */
  readonly roles: () => readonly RoleStatus[]
  /** Null while it does not run. */
  readonly collector: () => Collector | null
  /** Null while it does not run. */
  readonly tracker: () => Tracker | null
  readonly publisher: Pick<Publisher, 'unknownFields'>
  readonly bodies: Pick<Bodies, 'held'>
  readonly errors: UnexpectedErrors | undefined
  /** Null on a server without a store. */
  readonly storeDamage: StoreDamageWatch | null
  readonly publications: PublicationWatch
}

/** What the parts have counted since the start, in Prometheus' text format 0.0.4. */
export function metricsText(parts: CountingParts): string {
  const { roles, publisher, bodies, errors, storeDamage, publications } = parts
  const [collector, tracker] = [parts.collector(), parts.tracker()]
  return [
    ...roleLines(roles()),
    ...(collector === null ? [] : collectorLines(collector)),
    ...(tracker === null ? [] : trackerLines(tracker)),
    ...counterLines('peerpress_events_total', "What was counted of sites' events.", {
      'unknown-field': publisher.unknownFields(),
    }),
    ...gaugeLines('peerpress_body_bytes', 'Bytes that request bodies in flight hold.', bodies.held()),
    ...errorLines(errors),
    ...counterLines('peerpress_publications_total', 'Runs of publications by result.', publications.counts()),
    ...gaugeLines(
      'peerpress_store_damaged_parts',
      'Parts of tables that the engine found damaged and left out of reports.',
      storeDamage?.parts() ?? null,
    ),
    '',
  ].join('\n')
}

function roleLines(roles: readonly RoleStatus[]): string[] {
  const name = 'peerpress_role_up'
  return [
    `# HELP ${name} Whether a role of this server works: 1, or 0 if it could not start or does not answer.`,
    `# TYPE ${name} gauge`,
    ...roles.map((role) => `${name}{role="${role.name}"} ${role.ok ? 1 : 0}`),
  ]
}

function collectorLines(collector: Collector): string[] {
  return [
    ...counterLines('peerpress_beacons_total', 'Beacons by outcome.', collector.counts()),
    ...stepLines(collector),
    ...gaugeLines(
      'peerpress_log_segments',
      'Sealed segments that the store does not have yet.',
      collector.backlog(),
    ),
    ...gaugeLines('peerpress_log_bytes', 'Bytes that the store does not have yet.', collector.logBytes()),
  ]
}

function trackerLines(tracker: Tracker): string[] {
  return [
    ...counterLines('peerpress_tracker_events_total', 'Tracker events by kind.', tracker.counts()),
    ...givenLines(tracker),
  ]
}

/** A summary without quantiles: its rate is the mean time of a step. */
function stepLines(collector: Collector): string[] {
  const steps = collector.steps()
  const time = 'peerpress_beacon_step_seconds'
  const drops = 'peerpress_beacon_drops_total'
  return [
    `# HELP ${time} Time that beacons took in each step, what they waited for included.`,
    `# TYPE ${time} summary`,
    ...steps.flatMap(({ name, runs, seconds }) => [
      `${time}_sum{step="${name}"} ${seconds}`,
      `${time}_count{step="${name}"} ${runs}`,
    ]),
    `# HELP ${drops} Beacons that were not kept, by the step that dropped them and its reason.`,
    `# TYPE ${drops} counter`,
    ...steps.flatMap(({ name, drops: dropped }) =>
      Object.entries(dropped).map(
        ([reason, count]) => `${drops}{step="${name}",reason="${reason}"} ${count}`,
      ),
    ),
  ]
}

function givenLines(tracker: Tracker): string[] {
  const { fairness, ...given } = tracker.given()
  return [
    ...counterLines('peerpress_given_bytes_total', 'Bytes given to readers, by their receipts.', given),
    ...gaugeLines(
      'peerpress_upload_fairness',
      "Jain's index of what connected readers give; absent while nobody gives.",
      fairness,
    ),
  ]
}

function errorLines(errors: UnexpectedErrors | undefined): string[] {
  if (errors === undefined) return []
  return [
    ...counterLines(
      'peerpress_unexpected_errors_total',
      'Errors that nothing handled, those before a restart included.',
      { ...errors.counts() },
    ),
    '# HELP peerpress_restarts_total Restarts after such an error.',
    '# TYPE peerpress_restarts_total counter',
    `peerpress_restarts_total ${errors.restarts}`,
  ]
}

function counterLines(name: string, help: string, counts: Readonly<Record<string, number>>): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} counter`,
    ...Object.entries(counts).map(([label, value]) => `${name}{kind="${label}"} ${value}`),
  ]
}

function gaugeLines(name: string, help: string, value: number | null): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...(value === null ? [] : [`${name} ${value}`])]
}
