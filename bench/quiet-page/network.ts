import { readFileSync } from 'node:fs'
import { bucket, closeAtExit, namespacePrefix, run } from '../namespaces.ts'

/** A reader's way to the origin. */
export interface Link {
  readonly name: string
  /** Mbit/s towards the reader and from the reader. */
  readonly down: number
  readonly up: number
  /** Round trip, ms; the relay in the reader's namespace adds it. */
  readonly roundTrip: number
}

/** A reader's network namespace, joined to this one by a pair of interfaces whose rate can be set. */
export interface ReaderNetwork {
  /** Put before a command, runs it there. */
  readonly within: readonly string[]
  /** This side of the pair. */
  readonly address: string
  shape(link: Link): void
  /** Bytes that were sent to the reader so far, headers and what was sent again included. */
  sent(): number
  close(): void
}

/** Needs root. The network is gone when this process ends, and after `kill -9` when the next one begins. */
export function openReaderNetwork(): ReaderNetwork {
  const namespace = namespacePrefix('quiet-page')
  const near = `ppq${process.pid}n`
  const far = `ppq${process.pid}f`
  // Of the block for benchmarks (RFC 2544); one network of four addresses for each process.
  const network = `198.${18 + ((process.pid >> 14) & 1)}.${(process.pid >> 6) & 255}`
  const first = (process.pid & 63) * 4
  const address = `${network}.${first + 1}`
  const within = ['ip', 'netns', 'exec', namespace]
  let isOpen = false
  const close = () => {
    if (!isOpen) return
    isOpen = false
    run('ip', 'link', 'delete', near)
    run('ip', 'netns', 'delete', namespace)
  }
  closeAtExit(close)

  run('ip', 'netns', 'add', namespace)
  run('ip', 'link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', namespace)
  isOpen = true
  run('ip', 'address', 'add', `${address}/30`, 'dev', near)
  run('ip', 'link', 'set', near, 'up')
  run(...within, 'ip', 'address', 'add', `${network}.${first + 2}/30`, 'dev', far)
  run(...within, 'ip', 'link', 'set', far, 'up')
  run(...within, 'ip', 'link', 'set', 'lo', 'up')
  return {
    within,
    address,
    shape({ down, up }) {
      run('tc', 'qdisc', 'replace', 'dev', near, 'root', ...bucket(down))
      run(...within, 'tc', 'qdisc', 'replace', 'dev', far, 'root', ...bucket(up))
    },
    sent: () => Number(readFileSync(`/sys/class/net/${near}/statistics/tx_bytes`, 'utf8')),
    close,
  }
}
