import { loaderScriptPath, mediaPath, type MediaFile } from '../post.ts'

/** bytes of a segment, about one of the pictures */
const segmentSize = 400_000
/** s of play that a segment stands for */
const segmentSeconds = 4

/**
 * A page that loads the post by p2p-media-loader-core: every file is a run of segments of one stream, asked for one after
 * the other, as by a player that follows them: what lies far ahead of it the loader leaves to chance. `loaded` resolves when all are there.
 */
export function loaderPage(files: readonly MediaFile[], announce: string): string {
  const segments = files.flatMap(({ name, bytes }) =>
    Array.from({ length: Math.ceil(bytes.length / segmentSize) }, (_, index) => ({
      url: `${mediaPath}${name}`,
      byteRange: {
        start: index * segmentSize,
        end: Math.min(bytes.length, (index + 1) * segmentSize) - 1,
      },
    })),
  )
  return `<!doctype html>
<meta charset="utf-8">
<script type="module">
import { Core } from '${loaderScriptPath}'
const segments = ${JSON.stringify(segments)}.map(({ url, byteRange }, index) => ({
  runtimeId: String(index),
  externalId: index,
  url: new URL(url, location.href).href,
  byteRange,
  startTime: index * ${segmentSeconds},
  endTime: (index + 1) * ${segmentSeconds},
}))
globalThis.loaded = (async () => {
  const core = new Core({ announceTrackers: ['${announce}'], rtcConfig: {}, swarmId: 'post' })
  core.setManifestResponseUrl(new URL('/post.m3u8', location.href).href)
  core.addStreamIfNoneExists({ runtimeId: 'stream', type: 'main', index: '0' })
  core.updateStream('stream', segments)
  for (const { runtimeId, startTime } of segments) {
    core.updatePlayback(startTime, 1)
    await new Promise((onSuccess, onError) => core.loadSegment(runtimeId, { onSuccess, onError }))
  }
})()
</script>
`
}
