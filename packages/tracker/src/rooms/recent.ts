import { LRUCache } from 'lru-cache'

/** A map of the `max` entries that were set last. It takes memory for those that it has, not for all that it may have. */
export function recent<Key extends {}, Value extends {}>(max: number): LRUCache<Key, Value> {
  return new LRUCache({ maxSize: max, sizeCalculation: () => 1 })
}
