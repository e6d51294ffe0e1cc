import { useId } from 'preact/hooks'
import type { ProbeKind, SiteAlertsQuery } from '../../generated/graphql.ts'
import { format } from '../../report/page-format.ts'
import { momentText } from './labels.ts'
import { alertsMessages } from '../../messages/alerts-messages.ts'

const texts = alertsMessages.probes

type ShownProbes = NonNullable<SiteAlertsQuery['site']>['probes'][number]
type ShownPhases = ShownProbes['latest'][number]['phases']

interface ProbesProps {
  readonly probes: readonly ShownProbes[]
  readonly timeZone: string
}

const kinds: Readonly<Record<ProbeKind, { readonly title: string; readonly none: string }>> = {
  HTTP: {
    title: texts.pageAloneEveryMinute,
    none: texts.noProbeHasEnded,
  },
  BROWSER: {
    title: texts.inBrowserEveryMinutes,
    none: texts.noBrowserProbeHasEnded,
  },
}

const phaseLabels: readonly (readonly [keyof ShownPhases, string])[] = [
  ['queue', texts.queue],
  ['dns', texts.nameResolution],
  ['connect', texts.connection],
  ['tls', texts.encryption],
  ['firstByte', texts.firstByte],
  ['download', texts.download],
]

/** How the server last found the site, by each kind of probe. */
export function Probes({ probes, timeZone }: ProbesProps) {
  const id = useId()
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{texts.probes}</h2>
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
          <strong>{texts.well}</strong>
          {texts.loadedIn(format.ms(durationMs))}
        </p>
      ) : (
        <p>
          <strong class="bad">{texts.failed}</strong>: {failure.message}
        </p>
      )}
      {waited.length > 0 && (
        <p class="hint">
          {texts.pageItself}{' '}
          {waited.map(([phase, label]) => `${label} ${format.ms(phases[phase] ?? 0)}`).join(', ')}.
        </p>
      )}
      <p class="hint">
        {momentText(at, timeZone)}, {url}
        {lastDay.availability !== null &&
          texts.ofProbesInLast(format.ratio(lastDay.availability), format.count(lastDay.probes))}
      </p>
    </>
  )
}
