import picocolors from 'picocolors'
import type { ProbedRequest, ProbeResult, RequestPhases } from '@peerpress/watch'

export interface WaterfallOptions {
  /** Characters of a line. @default 100 */
  readonly columns?: number | undefined
  /** Whether the lines go to a terminal: `isTTY`, which is undefined for a file or a pipe. */
  readonly isTerminal: boolean | undefined
}

/** Requests that are drawn. */
const maxLines = 40
const minBar = 20

interface Sign {
  readonly phase: keyof RequestPhases
  readonly sign: string
  readonly name: string
  readonly color: string
}

/** The phases of a request in their order, each with its sign and its colour. */
const signs = [
  { phase: 'queue', sign: '·', name: 'queue', color: 'gray' },
  { phase: 'dns', sign: '-', name: 'DNS', color: 'magenta' },
  { phase: 'connect', sign: '=', name: 'connect', color: 'yellow' },
  { phase: 'tls', sign: '#', name: 'TLS', color: 'cyan' },
  { phase: 'firstByte', sign: '░', name: 'first byte', color: 'green' },
  { phase: 'download', sign: '█', name: 'download', color: 'blue' },
] as const satisfies readonly Sign[]

/** Draws a probe: a summary, then a bar for each request on one scale of time. */
export function waterfall(result: ProbeResult, { columns = 100, isTerminal }: WaterfallOptions): string {
  const colors = picocolors.createColors(isTerminal ? picocolors.isColorSupported : false)
  const { requests } = result
  const drawn = requests.slice(0, maxLines)
  const total = Math.max(1, ...drawn.map(endOf))
  const widest = Math.max(0, ...drawn.map((request) => outcomeOf(request).length))
  const labels = drawn.map((request) => labelOf(request, result.url, widest))
  const width = Math.min(
    Math.max(...labels.map(({ length }) => length), 0),
    Math.max(30, columns - minBar - 12),
  )
  const bar = Math.max(minBar, columns - width - 12)
  const lines = [
    summaryOf(result),
    `${' '.repeat(width + 2)}${scale(total, bar)}`,
    ...drawn.map((request, index) => {
      const label = shortened(labels[index] ?? '', width).padEnd(width)
      const text = request.error === null ? label : colors.red(label)
      const painted = cellsOf(request, { total, bar }).map(({ sign, color }) => colors[color](sign))
      return `${text}  ${painted.join('')} ${duration(endOf(request) - request.startedAt)}`
    }),
    ...(requests.length > maxLines
      ? [`… and ${requests.length - maxLines} more requests: --json has them all`]
      : []),
    signs.map(({ sign, name, color }) => `${colors[color](sign)} ${name}`).join('  '),
  ]
  return `${lines.join('\n')}\n`
}

function summaryOf({ kind, url, status, durationMs, tls, worker, requests }: ProbeResult): string {
  const bytes = requests.reduce((sum, request) => sum + request.bytes, 0)
  const parts = [
    kind === 'browser' ? 'in a browser' : 'without a browser',
    status === null ? 'no response' : `status ${status}`,
    duration(durationMs),
    `${requests.length} request${requests.length === 1 ? '' : 's'}, ${size(bytes)}`,
    ...(tls === null ? [] : [tlsText(tls)]),
    ...(worker === null || worker === 'absent' ? [] : [`PeerPress's worker ${worker}`]),
  ]
  return `${printable(url)}\n${parts.join(' · ')}`
}

function tlsText({ protocol, expiresAt }: NonNullable<ProbeResult['tls']>): string {
  const until = expiresAt === null ? '' : `, certificate until ${expiresAt.toISOString().slice(0, 10)}`
  return `${protocol ?? 'TLS'}${until}`
}

function outcomeOf({ status, error }: ProbedRequest): string {
  return [status, error].filter((part) => part !== null).join(' ')
}

function labelOf(request: ProbedRequest, page: string, widest: number): string {
  const { url, bytes, from } = request
  const source = from === 'network' ? '' : `${from} `
  const { origin, host, pathname, search } = new URL(url)
  const place = origin === new URL(page).origin ? `${pathname}${search}` : `${host}${pathname}${search}`
  return printable(`${outcomeOf(request).padEnd(widest)} ${size(bytes).padStart(8)}  ${source}${place}`)
}

/** Returns one sign for each character from the start of the probe to the end of the request. */
function cellsOf(request: ProbedRequest, { total, bar }: { readonly total: number; readonly bar: number }) {
  const cell = (ms: number) => Math.min(bar, Math.round((ms / total) * bar))
  const blank = { sign: ' ', color: 'reset' } as const
  const cells: { readonly sign: string; readonly color: 'reset' | (typeof signs)[number]['color'] }[] = []
  const fill = (until: number, one: (typeof cells)[number]) => {
    while (cells.length < until) cells.push(one)
  }
  fill(Math.min(cell(request.startedAt), bar - 1), blank)
  const start = cells.length
  let at = request.startedAt
  for (const { phase, sign, color } of signs) {
    at += request.phases[phase] ?? 0
    fill(cell(at), { sign, color })
  }
  // Even the shortest request is visible.
  if (cells.length === start) cells.push({ sign: '█', color: 'blue' })
  fill(bar, blank)
  return cells
}

function endOf({ startedAt, phases }: ProbedRequest): number {
  return signs.reduce((sum, { phase }) => sum + (phases[phase] ?? 0), startedAt)
}

function scale(total: number, bar: number): string {
  const end = duration(total)
  return `0${' '.repeat(Math.max(1, bar - end.length - 1))}${end}`
}

function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

function shortened(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}

/** Without characters that a terminal would obey. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '?')
}
