import type { Report } from './report.ts'

/** A look at a report before it is sent: what it returns is sent instead; when it returns null or throws, nothing is. */
export type BeforeSend = (report: Report) => Report | null
