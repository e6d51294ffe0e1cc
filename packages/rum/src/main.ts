// The script a page embeds. Nothing in here may reach the page as an exception. No cookie, and no identifier that
// outlives the tab or the day. A session is remembered in the tab, and a report that did not arrive is kept for a day,
// only where the owner assumes consent and the reader neither objects nor sends Global Privacy Control; without it a view
// names nothing but itself.
import { attempt } from './attempt.ts'
import { findTarget, type OwnScript, type Page } from './page/find-target.ts'
import { measureWhenSeen, type PendingMeasurement } from './measure-when-seen.ts'
import type { BeforeSend } from './sending/before-send.ts'

/** `window.peerpressRum`: what a page without modules says to the SDK, before or after its script ran. */
type Face = Partial<PendingMeasurement> & { beforeSend?: BeforeSend }

// Known only while the script itself runs.
const script = document.currentScript as OwnScript | null

attempt(() => {
  const page = window as Page & { peerpressRum?: Face }
  const target = findTarget(page, script)
  if (!target) return
  const face = (page.peerpressRum ??= {})
  // A page that embeds the script twice is one view.
  if (face.stop) return
  Object.assign(
    face,
    measureWhenSeen(target, (beacon) => (face.beforeSend ? face.beforeSend(beacon) : beacon)),
  )
})
