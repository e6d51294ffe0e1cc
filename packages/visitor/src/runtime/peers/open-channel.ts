import { type Channel, type ChannelEvents, channelLabel, type IceSettings, lowWater } from '@peerpress/peer'

/** Opens a data channel with the browser's WebRTC. Throws if the browser refuses another connection. */
export function openChannel(
  { iceServers, relayOnly }: IceSettings,
  { onSignal, onOpen, onMessage, onDrained, onClosed }: ChannelEvents,
): Channel {
  const connection = new RTCPeerConnection({
    iceServers: iceServers as RTCIceServer[],
    iceTransportPolicy: relayOnly ? 'relay' : 'all',
  })
  const channel = connection.createDataChannel(channelLabel, { negotiated: true, id: 0, ordered: true })
  channel.binaryType = 'arraybuffer'
  channel.bufferedAmountLowThreshold = lowWater
  connection.addEventListener('icecandidate', ({ candidate }) => {
    if (!candidate) return
    const { sdpMid, sdpMLineIndex } = candidate
    onSignal({ kind: 'candidate', candidate: candidate.candidate, sdpMid, sdpMLineIndex })
  })
  connection.addEventListener('connectionstatechange', () => {
    if (connection.connectionState === 'failed') onClosed()
  })
  channel.addEventListener('open', onOpen)
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) =>
    onMessage(data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array()),
  )
  channel.addEventListener('bufferedamountlow', onDrained)
  channel.addEventListener('close', onClosed)

  const describe = async (kind: 'offer' | 'answer'): Promise<void> => {
    await connection.setLocalDescription()
    onSignal({ kind, sdp: connection.localDescription?.sdp ?? '' })
  }
  return {
    get bufferedAmount() {
      return channel.bufferedAmount
    },
    offer: () => describe('offer'),
    async accept(signal) {
      if (signal.kind === 'candidate') {
        const { candidate, sdpMid, sdpMLineIndex } = signal
        await connection.addIceCandidate({ candidate, sdpMid, sdpMLineIndex })
        return
      }
      await connection.setRemoteDescription({ type: signal.kind, sdp: signal.sdp })
      if (signal.kind === 'offer') await describe('answer')
    },
    send: (bytes) => channel.send(bytes),
    close() {
      channel.close()
      connection.close()
    },
  }
}
