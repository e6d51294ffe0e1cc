import { testChunkStorage } from './chunk-storage.testing.ts'
import { MemoryChunks } from './memory-chunks.ts'

testChunkStorage({
  name: 'memory',
  place: () => Promise.resolve((options) => Promise.resolve(new MemoryChunks(options))),
  lasts: false,
})
