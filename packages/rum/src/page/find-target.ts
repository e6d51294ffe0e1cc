import { attempt } from '../attempt.ts'
import type { PageConfig, pageConfigElementId, PageSeam } from '@peerpress/wire'

/** Whose views are measured, and the server that is told. */
export type Target = Pick<PageConfig, 'site' | 'post' | 'server' | 'consent'> & {
  /** Share of sessions to measure, ratio 0-1. */
  readonly sampling: number
  /** Whether a fragment that begins with a slash (`#/two`) is part of a page's path. @default false */
  readonly hashRoutes?: boolean
}

/** Where a page may say what is measured. */
export interface Page {
  readonly peerpress?: Pick<PageSeam, 'config'> | undefined
  readonly document: Pick<Document, 'getElementById'>
}

/** The script element that brought this code. */
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
 * What a page wants measured: the loader's configuration, else that of the page's configuration element, else the
 * `data-site` of the script, whose own origin is the server then; consent is assumed only where the page says so. null when there is none, or none that makes sense.
 */
export function findTarget(page: Page, script: OwnScript | null): Target | null {
  return soundTarget(page.peerpress?.config ?? fromElement(page) ?? fromScript(script))
}

/** What a page says, which has no types. */
type Wanted = { readonly [Name in keyof Target]?: Target[Name] | undefined }

/** What somebody wants measured, if it makes sense; null otherwise. */
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

/** A share so small that the collector refuses it is none. */
const isShare = (share: number): boolean => share === 0 || (share >= 0.0001 && share <= 1)

function fromElement({ document }: Page): Partial<Target> | null {
  const text = document.getElementById(elementId)?.textContent
  return attempt(() => JSON.parse(text || 'null') as Partial<Target> | null, null)
}

/** Warns on the console about the first attribute that has no effect as it is written, with what is right. */
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
