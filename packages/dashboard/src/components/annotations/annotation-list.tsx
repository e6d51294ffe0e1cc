import { messages } from '../../messages/messages.ts'
import {
  AnnotationAddDocument,
  type AnnotationFragment,
  AnnotationRemoveDocument,
} from '../../generated/graphql.ts'
import { dayOf, startOfDay } from '../../report/local-time.ts'
import { format, formatTime } from '../../report/page-format.ts'
import type { SiteSummary } from '../../pages/site-page.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { annotationText } from './annotation-text.ts'
import { groupAnnotations } from './group-annotations.ts'

interface AnnotationListProps {
  readonly site: SiteSummary
  /** The latest first. */
  readonly annotations: readonly AnnotationFragment[]
  /** A post's name for people. */
  readonly nameOf: (postId: string) => string
  /** Called after a note was added or removed. */
  readonly onChange: () => void
}

/** Entries that are shown. */
const maxShown = 8

/** What happened in a report's range, as on its charts, and a form for an own note. */
export function AnnotationList({ site, annotations, nameOf, onChange }: AnnotationListProps) {
  const { annotations: texts } = messages
  const { timeZone } = site
  const lines = groupAnnotations(annotations, timeZone)
  return (
    <details class="annotations">
      <summary>
        {texts.title} ({annotations.length})
      </summary>
      {annotations.length === 0 && <p class="hint">{texts.none}</p>}
      <ul>
        {lines.slice(0, maxShown).map(({ annotation, count }) => (
          <li key={annotation.id}>
            <time dateTime={annotation.at}>
              {formatTime(Date.parse(annotation.at), { dateStyle: 'medium', timeStyle: 'short', timeZone })}
            </time>{' '}
            <span>
              {count > 1 ? texts.publications(format.count(count)) : annotationText(annotation, nameOf)}
            </span>
            {annotation.mayRemove && <RemoveNote annotation={annotation} onChange={onChange} />}
          </li>
        ))}
      </ul>
      {lines.length > maxShown && <p class="hint">{texts.more(lines.length - maxShown)}</p>}
      {site.mayWrite && <NoteForm site={site} onChange={onChange} />}
    </details>
  )
}

function RemoveNote({
  annotation,
  onChange,
}: {
  readonly annotation: AnnotationFragment
  readonly onChange: () => void
}) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const { annotations: texts } = messages
  const press = () =>
    make(async () => {
      await send(AnnotationRemoveDocument, { input: { annotationId: annotation.id } })
      onChange()
    })
  return (
    <>
      <button
        type="button"
        class="quiet"
        disabled={isBusy}
        aria-label={texts.removeNote(annotation.text ?? '')}
        onClick={press}
      >
        {texts.remove}
      </button>
      {problem !== null && (
        <span class="bad" role="alert">
          {problem}
        </span>
      )}
    </>
  )
}

function NoteForm({
  site: { siteId, timeZone },
  onChange,
}: {
  readonly site: SiteSummary
  readonly onChange: () => void
}) {
  const send = useSendToGraph()
  const { annotations: texts } = messages
  const { submit, problem, isBusy } = useSubmit(async (field, form) => {
    const note = field('note').trim()
    if (note === '') throw new RangeError(texts.empty)
    const noteAt = new Date(startOfDay(field('day'), timeZone)).toISOString()
    await send(AnnotationAddDocument, { input: { siteId, noteAt, note } })
    form.reset()
    onChange()
  })
  return (
    <form class="note-form" onSubmit={submit} aria-label={texts.add}>
      <label>
        {texts.at} <input type="date" name="day" required defaultValue={dayOf(Date.now(), timeZone)} />
      </label>
      <label class="note-text">
        {texts.text} <input type="text" name="note" required maxLength={500} />
      </label>
      <button type="submit" disabled={isBusy}>
        {texts.save}
      </button>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </form>
  )
}
