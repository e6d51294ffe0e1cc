import type { Listen } from './listen.ts'
import { add, type Tallies } from './tallies.ts'
import { dayMs } from '../within.ts'

/**
 * Events that may start or end playback, that show the progress of time (four times a second), or that precede a
 * report.
 */
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
 * Measures how long the document's videos and audio play, and how long they stall for lack of data. As in CTA-2066
 * (rebuffering), a wait at the start or after a seek is not a stall.
 */
export function watchPlaying(now: () => Tallies, listen: Listen): void {
  /** Players that play, or would play if they had data, and the figure that their time is added to. */
  const players = new Map<HTMLMediaElement, 'played' | 'stalled'>()
  let until = 0

  for (const occasion of occasions) {
    listen(
      occasion,
      ({ target, timeStamp }: Event) => {
        const player = target as HTMLMediaElement
        const { playback } = now()
        for (const [each, state] of players) {
          // A player that is removed from the document stops without an event.
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
