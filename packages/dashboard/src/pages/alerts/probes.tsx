import { useId } from 'preact/hooks'
import type { ProbeKind, SiteAlertsQuery } from '../../generated/graphql.ts'
import { format } from '../../report/page-format.ts'
import { momentText } from './labels.ts'

type ShownProbes = NonNullable<SiteAlertsQuery['site']>['probes'][number]
type ShownPhases = ShownProbes['latest'][number]['phases']

interface ProbesProps {
  readonly probes: readonly ShownProbes[]
  readonly timeZone: string
}

const kinds: Readonly<Record<ProbeKind, { readonly title: string; readonly none: string }>> = {
  HTTP: {
    title: 'The page alone, every minute',
    none: 'No probe has ended yet: the first one follows within a minute.',
  },
  BROWSER: {
    title: 'In a browser, every 15 minutes',
    none: 'No probe has ended yet. These probes need Chromium on the server.',
  },
}

const phaseLabels: readonly (readonly [keyof ShownPhases, string])[] = [
  ['queue', 'queue'],
  ['dns', 'name resolution'],
  ['connect', 'connection'],
  ['tls', 'encryption'],
  ['firstByte', 'first byte'],
  ['download', 'download'],
]

/** How the server last found the site, by each kind of probe. */
export function Probes({ probes, timeZone }: ProbesProps) {
  const id = useId()
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>Probes</h2>
      <ul class="probes">
        {probes.map((each) => (
          <li key={each.kind}>
            <h3>{kinds[each.kind].title}</h3>
            <ProbeState probes={each} timeZone={timeZone} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function ProbeState({
  probes: { kind, latest, lastDay },
  timeZone,
}: {
  readonly probes: ShownProbes
  readonly timeZone: string
}) {
  const [last] = latest
  if (last === undefined) return <p class="hint">{kinds[kind].none}</p>
  const { url, at, durationMs, failure, phases } = last
  const waited = phaseLabels.filter(([phase]) => phases[phase] !== null)
  return (
    <>
      {failure === null ? (
        <p>
          <strong>Well</strong>: loaded in {format.ms(durationMs)}.
        </p>
      ) : (
        <p>
          <strong class="bad">Failed</strong>: {failure.message}
        </p>
      )}
      {waited.length > 0 && (
        <p class="hint">
          The page itself:{' '}
          {waited.map(([phase, label]) => `${label} ${format.ms(phases[phase] ?? 0)}`).join(', ')}.
        </p>
      )}
      <p class="hint">
        {momentText(at, timeZone)}, {url}
        {lastDay.availability !== null &&
          `. ${format.ratio(lastDay.availability)} of ${format.count(lastDay.probes)} probes in the last 24 hours succeeded.`}
      </p>
    </>
  )
}
