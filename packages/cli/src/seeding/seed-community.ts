import { type CommunitySeedOptions, startCommunitySeed } from '@peerpress/seed'
import { say } from '../output/say.ts'
import { stopSignal } from '../stop-signal.ts'

const megabyte = 1_000_000

/** What `seed --community` is run with. */
export type SeedCommunityOptions = Pick<
  CommunitySeedOptions,
  'token' | 'owner' | 'country' | 'directory' | 'maxBytes' | 'bytesPerDay'
> & {
  /** URL of the server. */
  readonly server: string
  readonly allowPrivateAddresses: boolean
  /** Whether each change is printed as a line of JSON. */
  readonly json: boolean
}

/** Serves posts of a community's sites until the process is told to stop. Returns the exit code. */
export async function seedCommunity({ json, ...options }: SeedCommunityOptions): Promise<number> {
  const stop = stopSignal()
  const running = await startCommunitySeed({
    ...options,
    server: new URL(options.server).origin,
    onProblem: ({ message }) => say.problem(message),
    onChange(state) {
      if (json) process.stdout.write(`${JSON.stringify(state)}\n`)
    },
  })
  const { seed, posts } = running.state()
  say.step(`offered as seed ${seed}; ${posts.length} posts are assigned`)
  await stop.received
  const { sent } = running.state()
  await running.stop()
  say.done(`sent ${(sent / megabyte).toFixed(1)} MB`)
  return 0
}
