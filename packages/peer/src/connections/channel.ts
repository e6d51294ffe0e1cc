import type { IceServer, Signal } from '@peerpress/wire'

/** How to connect, as the tracker reports it. */
export interface IceSettings {
  readonly iceServers: readonly IceServer[]
  /** Connects through TURN servers alone. */
  readonly relayOnly?: true
}

/** Label of the data channel. Both sides negotiate it with id 0, so that no message announces it. */
export const channelLabel = 'peerpress/1'
/** Frames wait while more than this is in the channel's send buffer, bytes. Chromium throws at 16 MiB. */
export const highWater = 1024 * 1024
/** The channel reports `onDrained` when its send buffer falls to this, bytes. */
export const lowWater = 32 * 1024

/**
 * One ordered, reliable data channel to one peer, with the WebRTC connection below it. Each method may throw or reject:
 * then the connection is closed.
 */
export interface Channel {
  /** Bytes in the send buffer. */
  readonly bufferedAmount: number
  /** Makes an offer, which is reported as a signal. */
  offer(): Promise<void>
  /** Takes a signal of the other side. An offer is answered by a signal. */
  accept(signal: Signal): Promise<void>
  /** Sends one message. Throws if the channel is not open. */
  send(bytes: Uint8Array<ArrayBuffer>): void
  close(): void
}

/** What a {@link Channel} reports. These functions never throw. */
export interface ChannelEvents {
  readonly onSignal: (signal: Signal) => void
  readonly onOpen: () => void
  /** Text messages, which the protocol does not have, are reported as empty. */
  readonly onMessage: (bytes: Uint8Array<ArrayBuffer>) => void
  /** The send buffer fell to {@link lowWater}. */
  readonly onDrained: () => void
  /** The channel was closed, or its connection failed. */
  readonly onClosed: () => void
}

/** Opens the runtime's WebRTC connection. Throws when it refuses. */
export type OpenChannel = (ice: IceSettings, events: ChannelEvents) => Channel
