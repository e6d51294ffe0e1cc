import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sampleDirectory, sampleMedia } from '@peerpress/testbed'
import { seededRandom } from '@peerpress/swarm/simulation'

/** The id of the post, the only one of its site. */
export const postId = 'flash-crowd'

/** Where the origin is found in its network. */
export const originPort = 8080

/** Folder of the post's media there. */
export const mediaPath = '/post/'

/** The post as a torrent. */
export const torrentPath = '/post.torrent'

/** The post as segments of p2p-media-loader-core, and that. */
export const loaderPath = '/segments'
export const loaderScriptPath = '/p2p-media-loader-core.js'

/** Where the rivals' tracker is found on the server's host. */
export const torrentTrackerPort = 8000

/** How much there is in a post: bytes of each picture and of the video. */
export interface PostSize {
  readonly pictures: number
  readonly picture: number
  readonly video: number
}

/** A picture or a video of the post. */
export interface MediaFile {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer<ArrayBuffer>
  /** It is seen without scrolling, so that browsers load it before anything can help them. */
  readonly isAboveFold: boolean
}

/** The sample page shows so many pictures at once. */
export const aboveFold = 2

/** The sample pictures, each once or more, and the sample video: every file is one of its kind, valid, and so long. */
export async function makePost({ pictures, picture, video }: PostSize): Promise<MediaFile[]> {
  const sample = await sampleMedia()
  const files: MediaFile[] = []
  for (let index = 0; index < pictures; index++) {
    const name = sample.pictures[index % sample.pictures.length] ?? ''
    const bytes = withComments(await read(name), picture, seededRandom(index))
    files.push({ name: `${index}-${name}`, type: 'image/jpeg', bytes, isAboveFold: index < aboveFold })
  }
  const bytes = withVoid(await read(sample.video), video, seededRandom(pictures))
  files.push({ name: sample.video, type: 'video/webm', bytes, isAboveFold: false })
  return files
}

async function read(name: string): Promise<Buffer> {
  return readFile(join(sampleDirectory, name))
}

/** A JPEG grown to `size` bytes by comments after its first marker (ITU T.81, B.2.4.5). */
function withComments(jpeg: Buffer, size: number, random: () => number): Buffer<ArrayBuffer> {
  const longest = 65_000
  const comments: Buffer[] = []
  let left = size - jpeg.length
  while (left >= 4) {
    // What is left for the last one must hold its head.
    const length = left - longest >= 4 || left <= longest ? Math.min(left, longest) : left - 4
    const comment = noise(length, random)
    comment.writeUInt16BE(0xfffe, 0)
    comment.writeUInt16BE(length - 2, 2)
    comments.push(comment)
    left -= length
  }
  return Buffer.concat([jpeg.subarray(0, 2), ...comments, jpeg.subarray(2)])
}

/** A WebM file grown to `size` bytes by a Void element at its end (RFC 8794, 11.3.2). */
function withVoid(webm: Buffer, size: number, random: () => number): Buffer<ArrayBuffer> {
  const head = 9
  const filler = noise(size - webm.length, random)
  filler.writeUInt8(0xec, 0)
  filler.writeBigUInt64BE((1n << 56n) | BigInt(filler.length - head), 1)
  return Buffer.concat([webm, filler])
}

function noise(length: number, random: () => number): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(length)
  for (let index = 0; index < length; index++) bytes[index] = random() * 256
  return bytes
}
