import { createHash } from 'node:crypto'

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --line: color-mix(in srgb, CanvasText 20%, transparent); }
body { margin: 0; background: Canvas; color: CanvasText; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; margin: 0 0 .25rem; }
p { max-width: 44rem; }
.hint { opacity: .8; font-size: .9rem; }
nav { display: flex; gap: 1rem; margin: 1rem 0; flex-wrap: wrap; }
nav a { color: LinkText; padding: .25rem 0; }
nav a[aria-current] { font-weight: 700; color: CanvasText; text-decoration: none; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); gap: 1rem; margin: 0; }
dl div { border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem; }
dt { font-size: .9rem; }
dd { margin: 0; }
.figure { font-size: 1.6rem; font-weight: 600; font-variant-numeric: tabular-nums; }
`

const styleHash = createHash('sha256').update(style).digest('base64')

/** The content security policy of the page: its own style alone. */
export const publicReportPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'`

/** A percentile with its 95 % interval. */
interface Quantile {
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
  readonly enough: boolean
}

/** The figures of a public report: those of the overview, of the whole site. */
export interface PublicFigures {
  readonly views: number
  readonly reliability: { readonly assetSuccessRatio: number | null }
  readonly speed: {
    readonly lcp: Quantile | null
    readonly inp: Quantile | null
    readonly cls: Quantile | null
  }
  readonly delivery: { readonly peerHitRatio: number | null; readonly residualOriginLoad: number | null }
}

/** The ranges that the page offers, days. */
export const publicRanges = [7, 28, 90] as const

/** Renders the public report of a site. */
export function publicReportPage({
  name,
  days,
  figures,
}: {
  readonly name: string
  readonly days: number
  readonly figures: PublicFigures
}): string {
  const { views, reliability, speed, delivery } = figures
  const links = publicRanges.map(
    (range) => `<a href="?days=${range}"${range === days ? ' aria-current="page"' : ''}>${range} days</a>`,
  )
  return page(
    `${escape(name)}: report`,
    `<h1>${escape(name)}</h1>
<p class="hint">What readers of this site experienced in the last ${days} days. Its owner has made this page public.</p>
<nav aria-label="Range">${links.join('')}</nav>
<dl>
${figure('Page views', new Intl.NumberFormat('en').format(views))}
${figure('Largest contentful paint (p75)', ...quantile(speed.lcp, milliseconds))}
${figure('Interaction to next paint (p75)', ...quantile(speed.inp, milliseconds))}
${figure('Cumulative layout shift (p75)', ...quantile(speed.cls, (value) => value.toFixed(2)))}
${figure('Assets that arrived', ratio(reliability.assetSuccessRatio))}
${figure('Bytes from other readers and seeds', ratio(delivery.peerHitRatio))}
${figure('Load left on the site’s own server', ratio(delivery.residualOriginLoad))}
</dl>`,
  )
}

/** Renders the page of an address that shows nothing. */
export function noPublicReportPage(): string {
  return page(
    'No report',
    `<h1>There is no report at this address</h1>
<p>Its owner may have made it private, or given it a new address. Ask the owner for the present one.</p>`,
  )
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>${title}</title><style>${style}</style></head>
<body><main>${body}</main></body></html>`
}

function figure(label: string, value: string, note = ''): string {
  return `<div><dt>${label}</dt><dd><span class="figure">${value}</span>${note === '' ? '' : `<br><span class="hint">${note}</span>`}</dd></div>`
}

const notMeasured = 'not measured'

function quantile(measured: Quantile | null, format: (value: number) => string): [string, string] {
  const { value = null, low = null, high = null, enough = false } = measured ?? {}
  if (value === null) return [notMeasured, '']
  const interval = low === null || high === null ? '' : `95 %: ${format(low)} to ${format(high)}`
  return [format(value), enough ? interval : `${interval}${interval === '' ? '' : '; '}few samples`]
}

function ratio(value: number | null): string {
  return value === null ? notMeasured : `${(value * 100).toFixed(1)} %`
}

function milliseconds(value: number): string {
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(2)} s`
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
