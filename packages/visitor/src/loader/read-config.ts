import type { PageConfig } from '@peerpress/wire'

/**
 * Returns the configuration of a page. Returns null if any part of it is invalid; then the loader does nothing. It repeats
 * wire's `decodePageConfig` by hand, because the schema library alone is larger than the loader may be.
 */
export function readConfig(text: string): PageConfig | null {
  let config: Partial<PageConfig> | null
  try {
    config = JSON.parse(text) as Partial<PageConfig> | null
  } catch {
    return null
  }
  const { site, post, server, key, mode, consent, notice, control, worker, scripts } = config ?? {}
  const sound =
    [site, server, worker, scripts?.rum, scripts?.swarm].every(isFilled) &&
    (post === null || isFilled(post)) &&
    isFilled(key) &&
    key.length === 43 &&
    ['full', 'seeds-only', 'off'].includes(mode as string) &&
    (consent === 'assumed' || consent === 'required' || (consent === 'notice' && isFilled(notice?.script))) &&
    typeof control === 'number' &&
    control >= 0 &&
    control <= 1
  return sound ? (config as PageConfig) : null
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
