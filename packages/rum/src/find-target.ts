import { attempt } from './attempt.ts'
import type { PageConfig, pageConfigElementId, PageSeam } from '@peerpress/wire'

/** Whose views are measured, and the server that is told. */
export type Target = Pick<PageConfig, 'site' | 'post' | 'server' | 'consent'> & {
  /** Share of sessions to measure, ratio 0-1. */
  readonly sampling: number
}

/** Where a page may say what is measured. */
export interface Page {
  readonly peerpress?: Pick<PageSeam, 'config'> | undefined
  readonly document: Pick<Document, 'getElementById'>
}

/** The script element that brought this code. */
export type OwnScript = Pick<HTMLScriptElement, 'src'> & {
  readonly dataset: { readonly site?: string; readonly consent?: string; readonly sampling?: string }
}

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
    /^[a-z0-9]{16}$/.test(site as string) &&
    (post === null || /^[A-Za-z0-9._~-]{1,64}$/.test(post ?? '')) &&
    /^https?:\/\//.test(server as string) &&
    // A share so small that the collector refuses it is none.
    (sampling === 0 || (sampling >= 0.0001 && sampling <= 1))
  if (!sound) return null
  const consent = target?.consent === 'assumed' ? 'assumed' : 'required'
  return { site, post, server, consent, sampling } as Target
}

function fromElement({ document }: Page): Partial<Target> | null {
  const text = document.getElementById(elementId)?.textContent
  return attempt(() => JSON.parse(text || 'null') as Partial<Target> | null, null)
}

function fromScript(script: OwnScript | null): Partial<Target> | null {
  const { site, consent, sampling = 1 } = script?.dataset ?? {}
  if (!script || !site) return null
  const server = new URL(script.src).origin
  return { site, post: null, server, consent: consent as Target['consent'], sampling: Number(sampling) }
}
