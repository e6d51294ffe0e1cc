import assert from 'node:assert/strict'
import { after, describe } from 'node:test'
import { testPeer } from '@peerpress/peer/suite'
import { cleanup } from 'node-datachannel'
import { Guard } from './guard.ts'
import { nodePlatform } from './node-platform.ts'
import { channelOpener } from './open-channel.ts'

describe('a seed’s platform', () => {
  const problems: Error[] = []
  const guard = new Guard((problem) => problems.push(problem))

  testPeer({ name: 'a seed', platform: nodePlatform(guard), openChannel: channelOpener(guard) })

  after(() => {
    // libdatachannel at times keeps a callback of a connection whose handshake failed, and with it the process.
    cleanup()
    assert.deepEqual(problems, [])
  })
})
