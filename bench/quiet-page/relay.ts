import { connect, createServer, type Server, type Socket } from 'node:net'

/** Where a relay listens and whom it connects to. */
export interface RelayEnds {
  readonly from: string
  readonly to: string
  /** The same at both ends, so that URLs mean the same on either side. */
  readonly port: number
}

/** Hands connections on, each byte half a round trip (ms) later, and the first after the round trip of a handshake. */
export async function startRelay(ends: RelayEnds, roundTrip: () => number = () => 0): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (near) => {
    near.pause()
    near.on('error', () => near.destroy())
    setTimeout(() => {
      if (near.destroyed) return
      const far = connect({ host: ends.to, port: ends.port, allowHalfOpen: true })
      far.on('error', () => far.destroy())
      handOn(near, far, roundTrip() / 2)
      handOn(far, near, roundTrip() / 2)
    }, roundTrip())
  })
  await new Promise<void>((resolve) => server.listen(ends.port, ends.from, resolve))
  return server
}

function handOn(from: Socket, to: Socket, delay: number): void {
  from.setNoDelay(true)
  // Timers of one length fire in the order they were set.
  const later = (act: () => void): void => {
    if (delay === 0) act()
    else setTimeout(act, delay)
  }
  from.on('data', (part) =>
    later(() => {
      if (!to.destroyed && !to.write(part)) {
        from.pause()
        to.once('drain', () => from.resume())
      }
    }),
  )
  from.once('end', () => later(() => to.end()))
  from.once('close', (hadError) => hadError && later(() => to.destroy()))
  from.resume()
}
