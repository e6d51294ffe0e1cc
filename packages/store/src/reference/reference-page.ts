import { catalogue, wholeSelection } from '../model/catalogue/catalogue.ts'
import { type Group, type Measure, type Metric, type Rounding } from '../model/catalogue/metric.ts'

/** Returns the text of docs/metrics.md: every metric of the catalogue, and the figures and measures under them. */
export function referencePage(): string {
  const { figures, measures } = wholeSelection
  return `# Metrics

This page is generated from the metric catalogue (\`packages/store/src/model/catalogue/\`). To write it again, run
\`npm run reference -w packages/store\`.

Every metric is a field of the graph's type \`Metrics\`. A report computes it from figures and measures. A figure is a number
that each view adds to a sum. A measure is a value of each view, of which the report takes a percentile. Small reports
aggregate the rows of the table \`snapshots\`. Large ones aggregate the rollups \`hours\` and \`days\`, which have a column for each
figure and the bins of each measure. The last two sections show the SQL of both.

Rounding is one of three kinds:

${Object.entries(roundings)
  .map(([name, text]) => `- ${name}: ${text}`)
  .join('\n')}

${groupText(catalogue, '')}
## Figures

Over snapshots a figure is \`sum\` of the expression. Over rollups it is \`sum\` of the column of its name.

${figures.map(({ name, ofView }) => `- \`${name}\`: \`${ofView}\``).join('\n')}

## Measures

Over snapshots a measure's samples are the values of the column. Over rollups they are the bins in \`…_bins\` and the number of
views in each bin in \`…_views\`. Values below 1 ÷ scale are in one bin.

${measures.map(measureText).join('\n')}
`
}

const roundings: Readonly<Record<Rounding, string>> = {
  exact: 'the value is not rounded.',
  capped: 'the value is at most 2^53 - 1.',
  binned:
    'the value is exact for few views. For many, it is interpolated within bins that are 2 % wide; `error` says which.',
}

function groupText({ typeName, description, members }: Group, prefix: string): string {
  const metrics = Object.entries(members).flatMap(([name, member]) =>
    member.kind === 'group' ? [] : [metricText(`${prefix}${name}`, member)],
  )
  const inner = Object.entries(members).flatMap(([name, member]) =>
    member.kind === 'group' ? [groupText(member, `${prefix}${name}.`)] : [],
  )
  return [`## ${typeName}\n\n${description}\n`, ...metrics, ...inner].join('\n')
}

function metricText(path: string, metric: Metric): string {
  const { label, description, kind, unit, rounding, isNullable, formula } = metric
  return `### \`${path}\`

${label}. ${description}

- Kind: ${kind}. Unit: ${unit}. Rounding: ${rounding}. ${isNullable ? 'May be null.' : 'Never null.'}
- Formula: \`${formula}\`
`
}

function measureText({ name, p, scale, max, step }: Measure): string {
  const limits = [
    `scale ${scale}`,
    ...(max === undefined ? [] : [`scaled values are at most ${max}`]),
    ...(step === undefined ? [] : [`browsers round to multiples of ${step}`]),
  ]
  return `- \`${name}\`: percentile ${100 * p}, ${limits.join(', ')}`
}
