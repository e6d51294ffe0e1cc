// The script a page embeds. Nothing in here may reach the page as an exception. No cookie, and no identifier that
// outlives the tab or the day. A session is remembered in the tab only where the owner assumes consent and the reader
// neither objects nor sends Global Privacy Control; without it a view names nothing but itself.
import { attempt } from './attempt.ts'
import { findTarget, type OwnScript, type Page } from './find-target.ts'
import { measurePage } from './measure-page.ts'

// Known only while the script itself runs.
const script = document.currentScript as OwnScript | null
/** Set on a window that is measured: a page that embeds the script twice is one view. */
const mark = '__peerpressMeasured'

attempt(() => {
  const page = window as Page & { [mark]?: true }
  const target = findTarget(page, script)
  if (!target || page[mark]) return
  page[mark] = true
  const start = () => attempt(() => measurePage(target), undefined)
  // A page that is rendered in advance is no view before somebody sees it.
  if ((document as { readonly prerendering?: boolean }).prerendering) {
    addEventListener('prerenderingchange', start, { once: true, capture: true })
  } else start()
}, undefined)
