import { useId, useRef, useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { Field } from '../../components/field.tsx'
import { base64Of, FileField } from '../../components/file-field.tsx'
import {
  EvidenceUploadDocument,
  EvidenceUploadRemoveDocument,
  UploadsDocument,
  type UploadsQuery,
} from '../../generated/graphql.ts'
import { format, formatTime } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { present } from '../../session/user-errors.ts'
import type { SitePageProps } from '../site-page.ts'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.uploads

/** Interval between two loads, ms. */
const uploadsEvery = 60_000
/** bytes */
const maxFileSize = 512 * 1024

type Upload = NonNullable<UploadsQuery['site']>['uploads']['edges'][number]['node']

/** What was uploaded as evidence, and a form for more. */
export function Uploads({ site }: Pick<SitePageProps, 'site'>) {
  const id = useId()
  const { siteId, timeZone, mayWrite } = site
  const { data, error, reload } = useGraph(UploadsDocument, { siteId }, uploadsEvery)
  const uploads = data?.site?.uploads.edges ?? []
  return (
    <section class="panel fields" aria-labelledby={id}>
      <h2 id={id}>{texts.whatYouKnow}</h2>
      <p class="hint">{texts.notesPriceLists}</p>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {uploads.length > 0 && (
        <ul class="evidence-list">
          {uploads.map(({ node }) => (
            <UploadItem
              key={node.id}
              upload={node}
              timeZone={timeZone}
              mayWrite={mayWrite}
              onChange={reload}
            />
          ))}
        </ul>
      )}
      {mayWrite && <UploadForm siteId={siteId} onAdded={reload} />}
    </section>
  )
}

interface UploadItemProps {
  readonly upload: Upload
  readonly timeZone: string
  readonly mayWrite: boolean
  readonly onChange: () => void
}

function UploadItem({ upload, timeZone, mayWrite, onChange }: UploadItemProps) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const { id, name, items, uploadedAt, uploadedBy } = upload
  const remove = () =>
    make(async () => {
      await send(EvidenceUploadRemoveDocument, { input: { uploadId: id } })
      onChange()
    })
  const at = formatTime(Date.parse(uploadedAt), { dateStyle: 'medium', timeZone })
  return (
    <li class="evidence">
      <p>
        {name}{' '}
        <span class="hint">
          {format.count(items)} {items === 1 ? 'item' : 'items'} · {at}
          {uploadedBy !== null && ` · ${uploadedBy}`}
        </span>
      </p>
      {mayWrite && (
        <button
          type="button"
          class="quiet"
          disabled={isBusy}
          aria-label={texts.removeNamed(name)}
          onClick={remove}
        >
          {texts.remove}
        </button>
      )}
      {problem !== null && (
        <span class="bad" role="alert">
          {problem}
        </span>
      )}
    </li>
  )
}

interface UploadFormProps {
  readonly siteId: string
  readonly onAdded: () => void
}

function UploadForm({ siteId, onAdded }: UploadFormProps) {
  const send = useSendToGraph()
  const file = useRef<HTMLInputElement>(null)
  const [added, setAdded] = useState<string | null>(null)
  const { submit, problem, isBusy } = useSubmit(async (field, { reset }) => {
    setAdded(null)
    const name = file.current?.files?.[0]?.name ?? ''
    const input = {
      siteId,
      name,
      format: /\.(?:csv|tsv)$/i.test(name) ? ('TABLE' as const) : ('TEXT' as const),
      uploadFile: await base64Of(file.current, maxFileSize),
      region: field('region') || null,
      date: field('date') || null,
    }
    const { evidenceUpload } = await send(EvidenceUploadDocument, { input })
    const { name: uploaded, items } = present(evidenceUpload.upload)
    setAdded(texts.becameItemsOfEvidence(uploaded, items))
    reset()
    onAdded()
  })
  return (
    <form class="fields" aria-label={texts.uploadEvidence} onSubmit={submit}>
      <FileField label={texts.textOrCsvFile} accept=".txt,.md,.html,.csv,.tsv" field={file} />
      <Field
        label={texts.region}
        name="region"
        type="text"
        autoComplete="off"
        required={false}
        maxLength={6}
        hint={texts.countrySuchAsFr}
      />
      <Field
        label={texts.date}
        name="date"
        type="text"
        autoComplete="off"
        required={false}
        maxLength={10}
        hint={texts.whenItWasTrue}
      />
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.upload}
        </button>
        <span role="status">{added}</span>
      </div>
    </form>
  )
}
