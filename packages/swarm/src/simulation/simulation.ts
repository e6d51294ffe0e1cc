export { EventQueue } from './event-queue.ts'
export { seededRandom } from './seeded-random.ts'
