import type { Manifest, Snapshot } from '@peerpress/wire'
import { savedMark } from '../saved-page.ts'

const english = 'Saved copy of {date}. The site cannot be reached at the moment.'

/**
 * Against what the site's own style sheets say of any element. Browsers bring a reader who reloads back to the lines that
 * were read, so only what stays in view is seen; it takes no click from what is beneath. System colours follow the theme
 * and forced colours.
 */
const style = `all:initial;position:fixed;z-index:2147483646;inset:auto 12px max(12px,env(safe-area-inset-bottom));
box-sizing:border-box;width:fit-content;max-width:40em;margin:auto;padding:.6em 1.1em;
border:1px solid color-mix(in srgb,CanvasText 30%,Canvas);border-radius:10px;
box-shadow:0 4px 20px rgb(0 0 0/25%);color-scheme:light dark;background:Canvas;color:CanvasText;
font:.875em/1.45 system-ui,sans-serif;text-align:center;text-wrap:balance;overflow-wrap:anywhere;pointer-events:none`

/**
 * The answer that a saved page is shown as: the signed bytes with one element before all others of the body, which says
 * what it is. A 503: browsers keep no such page for going back to, prerender none, and ask the origin anew each time.
 */
export function savedCopy(
  html: Uint8Array<ArrayBuffer>,
  {
    snapshot: { id, body, headers },
    manifest: { issuedAt },
    text,
  }: { readonly snapshot: Snapshot; readonly manifest: Manifest; readonly text: string | undefined },
): Response {
  const [lang, said] = text === undefined ? ['en', english] : [document.documentElement.lang, text]
  const mark = document.createElement(savedMark)
  mark.setAttribute('role', 'status')
  // Text of the site's is in the language of its page.
  if (text === undefined) Object.assign(mark, { lang, dir: 'ltr' })
  mark.textContent = said.replaceAll('{date}', dateIn(lang, issuedAt))
  // Written into the text: as an attribute that is set it would have to pass the page's policy twice.
  const marked = mark.outerHTML.replace('>', ` style="${style.replaceAll('\n', '')}">`)
  return new Response(new Blob([html.subarray(0, body), marked, html.subarray(body)]), {
    status: 503,
    headers: { ...headers, 'content-type': 'text/html; charset=utf-8', etag: `"${id}"` },
  })
}

function dateIn(lang: string, at: number): string {
  const how = { dateStyle: 'long', timeStyle: 'short' } as const
  try {
    return new Date(at).toLocaleString(lang || undefined, how)
  } catch {
    // The page names no language that there is.
    return new Date(at).toLocaleString(undefined, how)
  }
}
