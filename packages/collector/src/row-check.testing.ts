// A second, independent definition of valid rows, by column, without the collector's decoders.
import { decodeViewRow } from '@peerpress/store'

type Check = (value: unknown) => boolean

const dayMs = 86_400_000
const most = 1_000_000
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value)
const real =
  (low: number, high: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= low && value <= high
const whole =
  (low: number, high: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && real(low, high)(value)
const matching =
  (pattern: RegExp, longest = Infinity): Check =>
  (value) =>
    typeof value === 'string' && value.length <= longest && pattern.test(value)
/** Text without control characters and lone surrogates. */
const text = (longest: number): Check => matching(/^[^\p{Cc}\p{Cs}]+$/u, longest)
const address: Check = (value) =>
  typeof value === 'string' && value.length <= 2048 && /^https?:\/\/[^/?#@]+\/[^?#]*$/.test(value)
const time = matching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/)
const uuid = matching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
const truth = oneOf(true, false)
const ms = real(0, dayMs)
const total = real(0, 7 * dayMs)
const count = whole(0, most)
const bytes = whole(0, 2 ** 40)
const label = text(100)

/** Whether a value is a list of objects with exactly these fields. */
const listOf =
  (longest: number, fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    Array.isArray(value) &&
    value.length <= longest &&
    value.every((item) => hasOnly(item, fields) && hasAll(item, fields))
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)

const required: Readonly<Record<string, Check>> = {
  site: matching(/^[a-z0-9]{16}$/),
  view: uuid,
  sequence: whole(1, 10_000),
  started_at: time,
  received_at: time,
  url: address,
  arm: oneOf('assisted', 'control', 'ineligible'),
  navigation: oneOf(
    'navigate',
    'reload',
    'back-forward',
    'back-forward-cache',
    'prerender',
    'restore',
    'soft-navigation',
  ),
}
const optional: Readonly<Record<string, Check>> = {
  post: matching(/^[A-Za-z0-9._~-]{1,64}$/),
  country: matching(/^[A-Z]{2}$/),
  device: oneOf('desktop', 'mobile', 'tablet', 'tv', 'other'),
  browser: label,
  referrer: matching(/^[a-z0-9.:[\]_-]+$/, 253),
  referrer_class: oneOf(
    'direct',
    'internal',
    'search',
    'assistant',
    'social',
    'email',
    'campaign',
    'referral',
  ),
  search_engine: label,
  assistant: label,
  ...each(
    ['campaign_source', 'campaign_medium', 'campaign_name', 'campaign_term', 'campaign_content'],
    matching(/^[^\p{Cc}\p{Cs}@]+$/u, 100),
  ),
  session: uuid,
  landing: truth,
  connection: oneOf('slow-2g', '2g', '3g', '4g'),
  ...each(['lcp', 'inp', 'fcp', 'ttfb', 'load'], ms),
  cls: real(0, 1000),
  ...each(['lcp_target', 'inp_target', 'cls_target'], text(200)),
  lcp_url: address,
  ...each(
    [
      'lcp_time_to_first_byte',
      'lcp_resource_load_delay',
      'lcp_resource_load_duration',
      'lcp_element_render_delay',
    ],
    ms,
  ),
  ...each(['inp_input_delay', 'inp_processing_duration', 'inp_presentation_delay'], ms),
  has_delivery: truth,
  ...each(
    ['assets_complete', 'assets_failed', 'rejected_chunks', 'dropped_peers', 'fallbacks', 'peers'],
    count,
  ),
  ...each(
    ['bytes_peer', 'bytes_seed', 'bytes_mirror', 'bytes_origin', 'bytes_cache', 'wrong_bytes', 'uploaded'],
    bytes,
  ),
  engaged_ms: ms,
  scroll_depth: real(0, 1),
  sampling: real(0.0001, 1),
  hidden: truth,
  ...each(
    [
      'timing_redirect',
      'timing_lookup',
      'timing_connect',
      'timing_tls',
      'timing_request',
      'timing_response',
      'timing_interactive',
      'timing_content_loaded',
    ],
    ms,
  ),
  resources: listOf(7, {
    type: oneOf('image', 'script', 'style', 'font', 'media', 'fetch', 'other'),
    count,
    cached: count,
    duration: total,
    bytes,
  }),
  long_frames: count,
  ...each(['long_frames_duration', 'long_frames_blocking'], total),
  ...each(
    ['script_errors', 'resource_errors', 'interactions', 'copies', 'outbound_clicks', 'download_clicks'],
    count,
  ),
  ...each(['played_ms', 'stalled_ms'], whole(0, 86_400_000)),
  stalls: count,
  error_samples: listOf(3, {
    kind: oneOf('script', 'rejection', 'resource'),
    text: text(200),
    source: orNull(address),
    line: orNull(count),
  }),
  events: listOf(20, {
    name: matching(/^[A-Za-z][A-Za-z0-9_.-]{0,39}$/),
    count: whole(1, most),
    value: orNull(real(-1e15, 1e15)),
  }),
  visitor: matching(/^\d{1,20}$/),
}

/** Returns what is wrong with a line of a view; null if it is valid. */
export function wrongInView(line: string): string | null {
  const row = decodeViewRow(line)
  if (!hasAll(row, required)) return `a column is missing or wrong: ${line}`
  return hasOnly(row, { ...required, ...optional }) ? null : `a column is unknown or wrong: ${line}`
}

/** Returns what is wrong with a line of a bot's view; null if it is valid. */
export function wrongInBot(line: string): string | null {
  const { sign, agent, snapshot } = JSON.parse(line) as Record<string, unknown>
  if (!['agent', 'webdriver', 'impossible'].includes(String(sign))) return `not a sign: ${line}`
  if ((sign === 'agent') !== (agent !== null))
    return `an agent where none was, or none where one was: ${line}`
  // These lines contain all columns, also those without a value.
  const known = Object.entries(JSON.parse(String(snapshot)) as object).filter(([, value]) => value !== null)
  return wrongInView(JSON.stringify(Object.fromEntries(known)))
}

function each(names: readonly string[], check: Check): Record<string, Check> {
  return Object.fromEntries(names.map((name) => [name, check]))
}

function hasAll(value: unknown, fields: Readonly<Record<string, Check>>): boolean {
  const object = value as Record<string, unknown>
  return Object.entries(fields).every(([name, check]) => Object.hasOwn(object, name) && check(object[name]))
}

function hasOnly(value: unknown, fields: Readonly<Record<string, Check>>): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(
    ([name, item]) => Object.hasOwn(fields, name) && fields[name]?.(item) === true,
  )
}
