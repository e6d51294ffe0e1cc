import { after } from 'node:test'
import { testPeer } from '@peerpress/peer/suite'
import { cleanup } from 'node-datachannel'
import { RTCPeerConnection as NodePeerConnection } from 'node-datachannel/polyfill'
import { openChannel } from './runtime/peers/open-channel.ts'
import { webPlatform } from './web-platform.ts'

/**
 * Node has all parts of a browser's platform but this one, which node-datachannel emulates. In browsers, a description is
 * set before the first candidate is found (W3C WebRTC 1.0, section 4.4.1.5); here the candidates are held back for that.
 */
class RTCPeerConnection extends NodePeerConnection {
  readonly #described = Promise.withResolvers<void>()

  override async setLocalDescription(): Promise<void> {
    // Without an argument it makes the offer or the answer that is due; its types do not say so.
    await (super.setLocalDescription as () => Promise<void>).call(this)
    setImmediate(this.#described.resolve)
  }

  override addEventListener(type: string, listener: (event: Event) => void): void {
    const later = (event: Event): void => {
      this.#described.promise.then(() => listener(event)).catch(() => {})
    }
    super.addEventListener(type, type === 'icecandidate' ? later : listener)
  }
}
Object.assign(globalThis, { RTCPeerConnection })

// Its threads would keep the process running.
after(() => cleanup())

testPeer({ name: 'a page', platform: webPlatform, openChannel })
