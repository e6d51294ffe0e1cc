import { bucket, closeAtExit, namespacePrefix, run } from '../namespaces.ts'

/** The links of a crowd, Mbit/s. */
export interface Rates {
  readonly originUp: number
  readonly down: number
  readonly up: number
}

/** A machine of its own, as far as its network goes. */
export interface Host {
  readonly address: string
  /** Put before a command, runs it there. */
  readonly within: readonly string[]
}

/** An origin, a server and readers, each with a link of its own to one switch. */
export interface CrowdNetwork {
  readonly origin: Host
  /** The server that introduces, and the rivals' trackers: as fast as the machine. */
  readonly server: Host
  readonly readers: readonly Host[]
  /** Bytes that left the origin so far, headers and what was sent again included. */
  originSent(): number
  close(): void
}

/**
 * Every host is a network namespace; the switch is a bridge in one more, so nothing here meets the machine's own network.
 * Token buckets on either end of a link are all that holds packets up: the kernel here cannot delay them. Needs root. The
 * network is gone when this process ends, and after `kill -9` when the next one begins.
 */
export function openCrowdNetwork(count: number, rates: Rates): CrowdNetwork {
  const name = namespacePrefix('flash-crowd')
  const namespaces: string[] = []
  const close = () => {
    for (const namespace of namespaces.splice(0)) run('ip', 'netns', 'delete', namespace)
  }
  closeAtExit(close)

  const hub = `${name}-switch`
  add(hub)
  run('ip', '-n', hub, 'link', 'add', 'switch', 'type', 'bridge')
  run('ip', '-n', hub, 'link', 'set', 'switch', 'up')
  const origin = plug('origin', { up: rates.originUp })
  // The bucket in its own host tells TCP of each packet that finds no room, which keeps losses low; but after so many in a
  // row a connection is given up, which of 144 to a crowded link some are within a minute.
  run(...origin.within, 'sysctl', '--quiet', '--write', 'net.ipv4.tcp_retries2=255')
  const server = plug('server', {})
  const readers = Array.from({ length: count }, (_, index) => plug(`reader${index}`, rates))
  return {
    origin,
    server,
    readers,
    originSent: () => Number(run(...origin.within, 'cat', '/sys/class/net/eth0/statistics/tx_bytes')),
    close,
  }

  function add(namespace: string): void {
    run('ip', 'netns', 'add', namespace)
    namespaces.push(namespace)
  }

  function plug(host: string, link: { readonly up?: number; readonly down?: number }): Host {
    const port = `port${namespaces.length}`
    // Of the block for benchmarks (RFC 2544).
    const address = `198.18.0.${namespaces.length}`
    const namespace = `${name}-${host}`
    add(namespace)
    run('ip', '-n', hub, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace)
    run('ip', '-n', hub, 'link', 'set', port, 'master', 'switch', 'up')
    run('ip', '-n', namespace, 'address', 'add', `${address}/24`, 'dev', 'eth0')
    run('ip', '-n', namespace, 'link', 'set', 'eth0', 'up')
    run('ip', '-n', namespace, 'link', 'set', 'lo', 'up')
    // Chromium tells peers no address but the one by which it would reach the internet.
    run('ip', '-n', namespace, 'route', 'add', 'default', 'dev', 'eth0')
    if (link.down !== undefined)
      run('tc', '-n', hub, 'qdisc', 'add', 'dev', port, 'root', ...bucket(link.down))
    if (link.up !== undefined)
      run('tc', '-n', namespace, 'qdisc', 'add', 'dev', 'eth0', 'root', ...bucket(link.up))
    return { address, within: ['ip', 'netns', 'exec', namespace] }
  }
}
