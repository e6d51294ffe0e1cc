import type { Report } from './report.ts'

/**
 * Called with a report before it is sent. The returned report is sent instead. If the function returns null or throws,
 * nothing is sent.
 */
export type BeforeSend = (report: Report) => Report | null
