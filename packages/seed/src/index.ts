export { SeedError, type SeedErrorCode } from './seed-error.ts'
export { type RunningSeed, type SeedOptions, type SeedState, startSeed } from './seed.ts'
