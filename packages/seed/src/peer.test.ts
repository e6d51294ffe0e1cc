import assert from 'node:assert/strict'
import { after } from 'node:test'
import { testPeer } from '@peerpress/peer/suite'
import { Guard } from './guard.ts'
import { nodePlatform } from './node-platform.ts'
import { channelOpener } from './open-channel.ts'

const problems: Error[] = []
const guard = new Guard((problem) => problems.push(problem))

testPeer({ name: 'a seed', platform: nodePlatform(guard), openChannel: channelOpener(guard) })

after(() => assert.deepEqual(problems, []))
