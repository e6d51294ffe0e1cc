/** The parts of a response that are checked. */
export interface ChallengeSigns {
  /** Returns a header's value, or null. */
  header(name: string): string | null
  /** The page; null before it is read. */
  readonly html: Buffer | null
}

/** bytes. Challenge pages are short. A longer page only mentions one, or contains a script of the same provider. */
export const maxChallengeLength = 64 * 1024

/**
 * Patterns of challenge pages that other pages of the same providers do not match: Cloudflare (also as "Just a
 * moment…"), Sucuri, Imperva, SiteGround, DDoS-Guard, DataDome, AWS WAF, Akamai.
 */
const signs = [
  /window\._cf_chl_opt\s*=/,
  /<title>(?:Just a moment\.\.\.|Attention Required! \| Cloudflare|DDoS-Guard|You are being redirected\.\.\.)<\/title>/i,
  /\bsucuri_cloudproxy_js\b|Sucuri WebSite Firewall - Access Denied/,
  /<iframe[^<>]+src="\/_Incapsula_Resource\?/,
  /\/\.well-known\/sgcaptcha\//,
  /\bAwsWafIntegration\.checkForceRefresh\b/,
  /geo\.captcha-delivery\.com/,
  /\/_sec\/cp_challenge\//,
] as const

/**
 * Returns whether a firewall responded instead of the site, to check that a browser sent the request. Such a response
 * says nothing about the post, whatever its status.
 */
export function isChallenge({ html, ...response }: ChallengeSigns): boolean {
  const header = (name: string) => response.header(name)
  if (header('cf-mitigated') !== null || header('sg-captcha') !== null) return true
  if (header('x-sucuri-block') !== null || /challenge|captcha/i.test(header('x-amzn-waf-action') ?? ''))
    return true
  if (html === null || html.length > maxChallengeLength) return false
  const text = html.toString('latin1')
  return signs.some((sign) => sign.test(text))
}
