import { type RunningSeed, startSeed } from '@peerpress/seed'
import { beReader } from './reader-process.ts'

/** Connections of a reader at most: as many as a browser's. */
const maxPeers = 12

let running: RunningSeed | undefined

// A reader on the same engine as browsers, in Node: it comes for the first time, and keeps what it gets in memory.
beReader({
  async read({ page, originRate }) {
    await new Promise<void>((resolve, reject) => {
      const options = { page, token: null, directory: null, maxBytes: Infinity, maxPeers, originRate }
      startSeed({
        ...options,
        onChange: ({ chunks, of }) => chunks >= of && resolve(),
        onProblem: ({ message }) => console.error(message),
      }).then((started) => (running = started), reject)
    })
  },
  async leave() {
    running?.stop()
  },
})
