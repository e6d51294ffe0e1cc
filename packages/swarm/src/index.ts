export type { ChunkSource, DemandId, DropReason, EngineInput, EngineOutput, SwarmEvent } from './contract.ts'
export type { EngineOptions } from './engine-options.ts'
export { Engine } from './engine.ts'
export { SwarmError, type SwarmErrorCode } from './swarm-error.ts'
