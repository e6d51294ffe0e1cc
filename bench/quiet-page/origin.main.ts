import { graphqlClient, readOperatorToken } from '@peerpress/cli'
import { publishSampleSite } from '@peerpress/testbed'
import { readConfig, startServer } from '@peerpress/server'
import { answerQuestions } from '../child.ts'
import { startRelay } from './relay.ts'

/** Where the reader finds the sample post, and the ports that its page needs. */
export interface Origin {
  readonly url: string
  readonly ports: readonly number[]
}

// The sample site and the whole server, as `./peerpress demo` runs them, made reachable for the reader's network.
let close: () => Promise<void> = async () => {}

answerQuestions(
  async ({ directory, address }: { readonly directory: string; readonly address: string }) => {
    const server = await startServer(
      readConfig({ PEERPRESS_PORT: '0', PEERPRESS_DATA: directory, PEERPRESS_CHROMIUM_PATH: 'none' }),
    )
    const token = await readOperatorToken(directory)
    const site = await publishSampleSite({ url: server.url, client: graphqlClient(server.url, token) })
    close = async () => {
      await site.close()
      await server.close()
    }
    const ports = [site.postUrl, server.url].map((url) => Number(new URL(url).port))
    for (const port of ports) await startRelay({ from: address, to: '127.0.0.1', port })
    return { url: site.postUrl, ports } satisfies Origin
  },
  () => close(),
)
