// The script that a page embeds. No exception may reach the page. The SDK sets no cookie, and no identifier outlives
// the tab or the day. A session is stored in the tab, and an undelivered report is stored for a day. Both require that
// the owner assumes consent and that the reader neither objects nor sends Global Privacy Control. Without them, a view
// identifies nothing but itself.
import { attempt } from './attempt.ts'
import { findTarget, type OwnScript, type Page } from './page/find-target.ts'
import { measureWhenSeen, type PendingMeasurement } from './measure-when-seen.ts'
import type { BeforeSend } from './sending/before-send.ts'

/** `window.peerpressRum`: the interface for pages without modules, usable before or after the script ran. */
type Face = Partial<PendingMeasurement> & { beforeSend?: BeforeSend }

// `currentScript` is set only while the script itself runs.
const script = document.currentScript as OwnScript | null

attempt(() => {
  const page = window as Page & { peerpressRum?: Face }
  const target = findTarget(page, script)
  if (!target) return
  const face = (page.peerpressRum ??= {})
  // If a page embeds the script twice, only the first one measures.
  if (face.stop) return
  Object.assign(
    face,
    measureWhenSeen(target, (beacon) => (face.beforeSend ? face.beforeSend(beacon) : beacon)),
  )
})
