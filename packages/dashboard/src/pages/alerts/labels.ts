import type {
  ChannelKind,
  IncidentEntryType,
  ObjectiveKind,
  Severity,
  Symptom,
} from '../../generated/graphql.ts'
import { formatTime } from '../../report/page-format.ts'
import { alertsMessages } from '../../messages/alerts-messages.ts'

const texts = alertsMessages.labels

export const symptomLabels: Readonly<Record<Symptom, string>> = {
  ORIGIN_DOWN: texts.siteDoesNotAnswer,
  PROBE_SILENT: texts.probesHaveStopped,
  BROWSER_PROBE_SILENT: texts.probesInBrowserHave,
  PAGE_BROKEN: texts.pageDoesNotWork,
  AVAILABILITY: texts.tooManyFailures,
  LCP: texts.tooManySlowViews,
}

export const severityLabels: Readonly<Record<Severity, string>> = {
  PAGE: texts.actNow,
  WARNING: texts.warning,
}

export const entryLabels: Readonly<Record<IncidentEntryType, string>> = {
  OPENED: texts.opened,
  UPDATED: texts.gotWorse,
  ACKNOWLEDGED: texts.acknowledged,
  RESOLVED: texts.resolved,
}

export const channelLabels: Readonly<Record<ChannelKind, string>> = {
  EMAIL: 'E-mail',
  WEBHOOK: texts.webhook,
}

/** What each objective is about. */
export const objectiveTexts: Readonly<
  Record<ObjectiveKind, { readonly title: string; readonly meaning: string }>
> = {
  AVAILABILITY: {
    title: texts.availability,
    meaning: texts.howManyProbesSite,
  },
  LCP: {
    title: texts.loadingSpeed,
    meaning: texts.howManyViewsMust,
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
