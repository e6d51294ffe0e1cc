import type { PageConfig, pageConfigElementId, PageSeam } from '@peerpress/wire'

/** Whose views are measured, and the server that is told. */
export type Target = Pick<PageConfig, 'site' | 'post' | 'server' | 'consent'>

/** Where a page may say what is measured. */
export interface Page {
  readonly peerpress?: Pick<PageSeam, 'config'> | undefined
  readonly document: Pick<Document, 'getElementById'>
}

/** The script element that brought this code. */
export type OwnScript = Pick<HTMLScriptElement, 'src'> & {
  readonly dataset: { readonly site?: string; readonly consent?: string }
}

const elementId: typeof pageConfigElementId = 'peerpress-config'

/**
 * What a page wants measured: the loader's configuration, else that of the page's configuration element, else the
 * `data-site` of the script, whose own origin is the server then; consent is assumed only where the page says so. null when there is none, or none that makes sense.
 */
export function findTarget(page: Page, script: OwnScript | null): Target | null {
  const target = page.peerpress?.config ?? fromElement(page) ?? fromScript(script)
  const { site, post, server } = target ?? {}
  const sound =
    /^[a-z0-9]{16}$/.test(site ?? '') &&
    (post === null || /^[A-Za-z0-9._~-]{1,64}$/.test(post ?? '')) &&
    /^https?:\/\//.test(server ?? '')
  if (!sound) return null
  const consent = target?.consent === 'assumed' ? 'assumed' : 'required'
  return { site, post, server, consent } as Target
}

function fromElement({ document }: Page): Partial<Target> | null {
  const text = document.getElementById(elementId)?.textContent
  try {
    return text ? (JSON.parse(text) as Partial<Target> | null) : null
  } catch {
    return null
  }
}

function fromScript(script: OwnScript | null): Partial<Target> | null {
  const { site, consent } = script?.dataset ?? {}
  return script && site
    ? { site, post: null, server: new URL(script.src).origin, consent: consent as Target['consent'] }
    : null
}
