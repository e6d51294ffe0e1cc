import { metricLabels } from './metric-labels.ts'
import { referencePage } from './reference-page.ts'

const root = new URL('../../../../', import.meta.url)

/** The files that are generated from the catalogue, with their text. */
export const generatedFiles: readonly { readonly file: URL; readonly text: () => string }[] = [
  { file: new URL('docs/metrics.md', root), text: referencePage },
  { file: new URL('packages/dashboard/src/generated/metric-labels.ts', root), text: metricLabels },
]
