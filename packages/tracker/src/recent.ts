import { LRUCache } from 'lru-cache'

/** Creates a map that keeps the `max` entries that were set last. Its memory grows with its entries. */
export function recent<Key extends {}, Value extends {}>(max: number): LRUCache<Key, Value> {
  return new LRUCache({ maxSize: max, sizeCalculation: () => 1 })
}
