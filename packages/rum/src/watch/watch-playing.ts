import type { Listen } from './listen.ts'
import { add, type Tallies } from './tallies.ts'
import { dayMs } from '../within.ts'

/** Whatever may change if something plays, tells that time goes by (four times a second), or comes before a report. */
const occasions = [
  'playing',
  'waiting',
  'pause',
  'emptied',
  'seeking',
  'timeupdate',
  'visibilitychange',
  'pagehide',
] as const
const haveCurrentData: typeof HTMLMediaElement.HAVE_CURRENT_DATA = 2

/**
 * Times how long the document's videos and sounds play, and how long they stand still for want of data in between. What
 * the reader waits for at the beginning or after a seek is no stall, as in CTA-2066 (rebuffering).
 */
export function watchPlaying(now: () => Tallies, listen: Listen): void {
  /** What plays, or would if it had data, and as what its time counts. */
  const players = new Map<HTMLMediaElement, 'played' | 'stalled'>()
  let until = 0

  for (const occasion of occasions) {
    listen(
      occasion,
      ({ target, timeStamp }: Event) => {
        const player = target as HTMLMediaElement
        const { playback } = now()
        for (const [each, state] of players) {
          // What is taken out of the document stops, and tells nobody when.
          if (each.isConnected) add(playback, state, timeStamp - until, dayMs)
          else players.delete(each)
        }
        until = timeStamp
        if (occasion === 'pagehide') players.clear()
        else if (player.paused || player.seeking) players.delete(player)
        else if (player.readyState > haveCurrentData) players.set(player, 'played')
        else if (players.get(player) === 'played') {
          players.set(player, 'stalled')
          add(playback, 'stalls')
        }
      },
      true,
    )
  }
}
