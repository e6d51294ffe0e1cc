import type { maxEvents } from '@peerpress/wire'
import { add, type Tallies } from './tallies.ts'

const most: typeof maxEvents = 20
const maxValue = 1e15

/** Counts an event by its name. Invalid names and values and names beyond the limit are ignored. */
export function countEvent({ events }: Pick<Tallies, 'events'>, name: string, value?: number): void {
  let event = events.find((each) => each.name === name)
  if (!event) {
    // Pages may pass values of any type.
    if (events.length === most || typeof name !== 'string' || !/^[a-z][\w.-]{0,39}$/i.test(name)) return
    events.push((event = { name, count: 0, value: null }))
  }
  add(event, 'count')
  if (Number.isFinite(value)) {
    event.value = Math.max(-maxValue, Math.min((event.value ?? 0) + (value as number), maxValue))
  }
}
