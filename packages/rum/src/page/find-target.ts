import { attempt } from '../attempt.ts'
import type { PageConfig, pageConfigElementId, PageSeam } from '@peerpress/wire'

/** The site and post to measure, and the server that receives the reports. */
export type Target = Pick<PageConfig, 'site' | 'post' | 'server' | 'consent'> & {
  /** Ratio of sessions that are measured, 0-1. */
  readonly sampling: number
  /** Whether a fragment that starts with a slash (`#/two`) is part of the page's path. @default false */
  readonly hashRoutes?: boolean
}

/** The places in a page that may hold the configuration. */
export interface Page {
  readonly peerpress?: Pick<PageSeam, 'config'> | undefined
  readonly document: Pick<Document, 'getElementById'>
}

/** The script element that loaded this code. */
export type OwnScript = Pick<HTMLScriptElement, 'src'> & {
  readonly dataset: {
    readonly site?: string
    readonly consent?: string
    readonly sampling?: string
    readonly hashRoutes?: string
  }
}

const siteId = /^[a-z0-9]{16}$/
const elementId: typeof pageConfigElementId = 'peerpress-config'

/**
 * Returns the page's configuration, or null if there is none or it is invalid. The first of these is used: the loader's
 * configuration, the page's configuration element, the `data-site` attribute of the script. For a script, the server is
 * the script's origin. Consent is assumed only if the page says so.
 */
export function findTarget(page: Page, script: OwnScript | null): Target | null {
  return soundTarget(page.peerpress?.config ?? fromElement(page) ?? fromScript(script))
}

/** An unchecked configuration of a page. */
type Wanted = { readonly [Name in keyof Target]?: Target[Name] | undefined }

/** Returns the target if it is valid; null otherwise. */
export function soundTarget(target: Wanted | null): Target | null {
  const { site, post, server, sampling = 1 } = target ?? {}
  const sound =
    siteId.test(site as string) &&
    (post === null || /^[A-Za-z0-9._~-]{1,64}$/.test(post ?? '')) &&
    /^https?:\/\//.test(server as string) &&
    isShare(sampling)
  if (!sound) return null
  const consent = target?.consent === 'assumed' ? 'assumed' : 'required'
  const hashRoutes = target?.hashRoutes === true
  return { site, post, server, consent, sampling, ...(hashRoutes && { hashRoutes }) } as Target
}

/** The collector refuses smaller shares, so they are invalid. */
const isShare = (share: number): boolean => share === 0 || (share >= 0.0001 && share <= 1)

function fromElement({ document }: Page): Partial<Target> | null {
  const text = document.getElementById(elementId)?.textContent
  return attempt(() => JSON.parse(text || 'null') as Partial<Target> | null, null)
}

/** Returns the configuration of the script tag. Warns on the console about the first invalid attribute. */
function fromScript(script: OwnScript | null): Partial<Target> | null {
  const { site = '', consent = 'required', sampling = '1', hashRoutes } = script?.dataset ?? {}
  const share = Number(sampling.trim() || NaN)
  const flag = hashRoutes || 'true'
  const wrong = [
    !script && 'use no type="module"',
    !siteId.test(site) && 'data-site is 16 letters and digits',
    !isShare(share) && 'data-sampling is a number from 0 to 1',
    !/^(assumed|required)$/.test(consent) && 'data-consent is assumed or required',
    !/^(true|false)$/.test(flag) && 'data-hash-routes is true or false',
  ].find(Boolean)
  if (wrong) console.warn('peerpress: in the script tag', wrong)
  if (!script || !site) return null
  return {
    site,
    post: null,
    server: new URL(script.src).origin,
    consent: consent as Target['consent'],
    sampling: share,
    hashRoutes: hashRoutes != null && flag === 'true',
  }
}
