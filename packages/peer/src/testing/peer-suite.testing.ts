import { describe } from 'node:test'
import type { OpenChannel } from '../connections/channel.ts'
import type { Platform } from '../platform.ts'
import { testChannels } from './channel-suite.testing.ts'
import { testHttpServers } from './http-suite.testing.ts'
import { testPeerKey } from './key-suite.testing.ts'
import { testSwarmPeer } from './swarm-suite.testing.ts'
import { testTrackerLine } from './tracker-suite.testing.ts'

export { PeerConnection } from '../connections/peer-connection.ts'
export { offer } from './channel-suite.testing.ts'

/** What a shell hands to the shared peer. */
export interface ShellUnderTest {
  readonly name: string
  readonly platform: Platform
  readonly openChannel: OpenChannel
}

/** Tests what every shell's peer does, with the parts that this shell hands in. */
export function testPeer({ name, platform, openChannel }: ShellUnderTest): void {
  describe(`the peer of ${name}`, () => {
    testPeerKey(platform)
    testHttpServers(platform)
    testTrackerLine(platform)
    testChannels(openChannel)
    testSwarmPeer(platform)
  })
}
