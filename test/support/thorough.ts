/** Whether exhaustive variants run: `./peerpress test --thorough`. */
export const isThorough: boolean = process.env['PEERPRESS_THOROUGH'] === '1'

/** Bytes of the file that a reader downloads while the memory of the browser is measured. */
export const downloadBytes: number = size('PEERPRESS_DOWNLOAD_BYTES', 64_000_000)

/** Malformed requests, upgrades and frames that are sent to a server. */
export const hostileMessages: number = size('PEERPRESS_HOSTILE_MESSAGES', 20_000)

/** Beacons that are sent while a server and its store are killed, and how many times. */
export const killBeacons: number = size('PEERPRESS_KILL_BEACONS', 20_000)
export const kills: number = size('PEERPRESS_KILLS', 6)

/** Posts that are saved around an outage of the server. */
export const queuePosts: number = size('PEERPRESS_QUEUE_POSTS', 24)

function size(variable: string, ordinary: number): number {
  return Number(process.env[variable] ?? ordinary)
}
