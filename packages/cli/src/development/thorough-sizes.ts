/**
 * Sizes of the exhaustive tests, by the environment variables that these tests read. `./peerpress test --thorough` sets
 * them. Without them the tests run with sizes that let the whole suite end within 15 minutes on two cores.
 */
export const thoroughSizes: Readonly<Record<string, string>> = {
  /** Tests and checks that have no size run their exhaustive variant when this is `1`. */
  PEERPRESS_THOROUGH: '1',
  PEERPRESS_DOWNLOAD_BYTES: '100000000',
  PEERPRESS_FUZZ_BODIES: '1000000',
  PEERPRESS_HOSTILE_MESSAGES: '50000',
  PEERPRESS_INTERVAL_RUNS: '2000',
  PEERPRESS_KILL_BEACONS: '100000',
  PEERPRESS_KILLS: '30',
  PEERPRESS_QUEUE_POSTS: '500',
}
