export { SeedError, type SeedErrorCode } from './seed-error.ts'
export type { SeedState } from './part.ts'
export { type RunningSeed, type SeedOptions, startSeed } from './seed.ts'
export {
  type CommunitySeedOptions,
  type CommunitySeedState,
  type RunningCommunitySeed,
  startCommunitySeed,
} from './lending/community-seed.ts'
