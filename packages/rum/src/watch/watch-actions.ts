import type { Listen } from './listen.ts'
import { add, type Tallies } from './tallies.ts'

/** Google Analytics' enhanced measurement treats these as files: https://support.google.com/analytics/answer/9216061 */
const file =
  /\.(pdf|xlsx?|docx?|txt|rtf|csv|exe|key|pp[st]x?|7z|pkg|rar|gz|zip|avi|mov|mp4|mpe?g|wmv|midi?|mp3|wav|wma)$/i

/** Counts the reader's actions. Actions simulated by scripts are not counted. */
export function watchActions(now: () => Tallies, listen: Listen): void {
  const count = (action: keyof Tallies['actions']): void => add(now().actions, action)
  for (const name of ['click', 'auxclick', 'keydown', 'copy'] as const) {
    listen(
      name,
      ({ isTrusted, target, button }: Event & { readonly button?: number }) => {
        // A middle click counts. A click of the right button opens a menu and does not count.
        if (!isTrusted || (button ?? 0) > 1) return
        count(name === 'copy' ? 'copies' : 'interactions')
        const link = /click/.test(name) && (target as Element).closest<HTMLAnchorElement>('a[href]')
        if (!link || !link.protocol.startsWith('http')) return
        if (link.host !== location.host) count('outbound')
        if (link.hasAttribute('download') || file.test(link.pathname)) count('downloads')
      },
      true,
    )
  }
}
