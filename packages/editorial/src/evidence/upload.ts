import { PublisherError } from '@peerpress/publisher'
import {
  evidenceItem,
  maxEvidenceText,
  type Registry,
  RegistryError,
  type Site,
  type Upload,
  type UploadKind,
} from '@peerpress/registry'
import { EditorialError } from '../editorial-error.ts'
import { maxUploadBytes } from '../reading/limits.ts'
import type { TextReader } from '../reading/reader.ts'
import { plain } from '../reading/text-sections.ts'

/** A file that somebody uploads as evidence. */
export interface EvidenceUpload {
  /** The file's name. */
  readonly name: string
  readonly kind: UploadKind
  readonly bytes: Uint8Array
  /** `YYYY-MM-DD`: when it was true. */
  readonly date: string
  /** ISO 3166-1 or 3166-2; null if it is of no region in particular. */
  readonly region: string | null
  /** BCP 47; null: it is detected. */
  readonly language: string | null
  /** Name of the person; null if a program uploads it. */
  readonly by: string | null
}

/**
 * Reads an upload and stores it as evidence of a site.
 * @throws {EditorialError} `bad-upload`, `unknown-site`
 */
export async function addUpload(
  site: Site,
  upload: EvidenceUpload,
  { registry, reader }: { readonly registry: Pick<Registry, 'uploads'>; readonly reader: TextReader },
): Promise<Upload> {
  const { kind, bytes, by, date, region, language } = upload
  const name = plain(upload.name).slice(0, 200).toWellFormed() || 'upload'
  if (bytes.length > maxUploadBytes) {
    throw new EditorialError(
      'bad-upload',
      `${name} is larger than ${maxUploadBytes / 1024} KiB. Upload the part that posts need.`,
    )
  }
  const content = await read(name, { kind, bytes }, reader)
  if (content.refused !== null)
    throw new EditorialError('bad-upload', `${name} is refused. ${content.refused}`)
  const items = content.rows.map((row) =>
    evidenceItem({
      site: site.id,
      source: 'upload',
      date: row.date ?? date,
      region: row.region ?? region,
      language: row.language ?? language ?? content.language,
      post: null,
      title: row.title ?? name,
      text: row.text.slice(0, maxEvidenceText).toWellFormed(),
      url: row.url,
    }),
  )
  try {
    return await registry.uploads.add({ site: site.id, name, kind, uploadedBy: by, items })
  } catch (cause) {
    if (!(cause instanceof RegistryError)) throw cause
    if (cause.code === 'unknown-site') throw new EditorialError('unknown-site', cause.message, { cause })
    if (cause.code === 'too-many-uploads') throw new EditorialError('bad-upload', cause.message, { cause })
    throw cause
  }
}

/** Time after which the reading of an upload is given up, ms: other uploads and pages may be before it. */
const timeLimit = 60_000

async function read(
  name: string,
  { kind, bytes }: Pick<EvidenceUpload, 'kind' | 'bytes'>,
  reader: TextReader,
) {
  try {
    return await reader.upload({ kind, html: bytes }, AbortSignal.timeout(timeLimit))
  } catch (cause) {
    if (!(cause instanceof PublisherError)) throw cause
    throw new EditorialError('bad-upload', `${name} could not be read: ${cause.message}`, { cause })
  }
}
