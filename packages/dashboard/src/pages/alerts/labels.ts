import type {
  ChannelKind,
  IncidentEntryType,
  ObjectiveKind,
  Severity,
  Symptom,
} from '../../generated/graphql.ts'
import { formatTime } from '../../report/page-format.ts'

export const symptomLabels: Readonly<Record<Symptom, string>> = {
  ORIGIN_DOWN: 'The site does not answer',
  PROBE_SILENT: 'Probes have stopped',
  BROWSER_PROBE_SILENT: 'Probes in a browser have stopped',
  PAGE_BROKEN: 'The page does not work in a browser',
  AVAILABILITY: 'Too many failures',
  LCP: 'Too many slow views',
}

export const severityLabels: Readonly<Record<Severity, string>> = { PAGE: 'Act now', WARNING: 'Warning' }

export const entryLabels: Readonly<Record<IncidentEntryType, string>> = {
  OPENED: 'Opened',
  UPDATED: 'Got worse',
  ACKNOWLEDGED: 'Acknowledged',
  RESOLVED: 'Resolved',
}

export const channelLabels: Readonly<Record<ChannelKind, string>> = { EMAIL: 'E-mail', WEBHOOK: 'Webhook' }

/** What each objective is about. */
export const objectiveTexts: Readonly<
  Record<ObjectiveKind, { readonly title: string; readonly meaning: string }>
> = {
  AVAILABILITY: {
    title: 'Availability',
    meaning: 'How many probes the site must answer, and how many views must load everything they request.',
  },
  LCP: {
    title: 'Loading speed',
    meaning: 'How many views must show their largest content within 2.5 seconds (a good LCP).',
  },
}

/** Returns a moment with its day and minute, in the site's time zone. */
export function momentText(time: string, timeZone: string): string {
  return formatTime(Date.parse(time), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  })
}
