import { useState } from 'preact/hooks'
import { SiteSavedViewsDocument, ViewRemoveDocument, ViewSaveDocument } from '../generated/graphql.ts'
import { sitePath } from '../navigation/place.ts'
import { hrefOf, usePlace } from '../navigation/use-place.ts'
import { useSession } from '../session/session.tsx'
import { useChange } from '../session/use-change.ts'
import { useGraph, useSendToGraph } from '../session/use-graph.ts'
import { useSubmit } from '../session/use-submit.ts'
import { requireDone } from '../session/user-errors.ts'
import { Field } from './field.tsx'
import { sharedMessages } from '../messages/shared-messages.ts'

const texts = sharedMessages.savedViews

interface SavedViewsProps {
  readonly siteId: string
  /** The path of the shown page within the site. */
  readonly page: string
}

/** Interval between two loads, ms. */
const viewsEvery = 300_000

/** The views that the reader saved of a site: page, range and filters under a name. Only people with an account have some. */
export function SavedViews(props: SavedViewsProps) {
  const { account } = useSession()
  const [isOpen, setOpen] = useState(false)
  if (account?.principal?.email == null) return null
  return (
    <details class="saved-views" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.savedViews}</summary>
      {/* A page of reports costs one request. */}
      {isOpen && <OwnViews {...props} />}
    </details>
  )
}

function OwnViews({ siteId, page }: SavedViewsProps) {
  const { query } = usePlace()
  const send = useSendToGraph()
  const { data, reload } = useGraph(SiteSavedViewsDocument, { siteId }, viewsEvery)
  const { submit, problem, isBusy } = useSubmit(async (field, { reset }) => {
    const search = query.toString()
    const path = search === '' ? page : `${page}?${search}`
    const { viewSave } = await send(ViewSaveDocument, { input: { siteId, name: field('view').trim(), path } })
    requireDone(viewSave)
    reset()
    reload()
  })
  const views = data?.site?.savedViews ?? []
  return (
    <div class="panel fields">
      {views.length > 0 && (
        <ul class="entries">
          {views.map((view) => (
            <ViewEntry key={view.savedViewId} siteId={siteId} view={view} onChange={reload} />
          ))}
        </ul>
      )}
      <form class="fields" aria-label={texts.saveThisView} onSubmit={submit}>
        <Field
          label={texts.saveThisViewAs}
          name="view"
          type="text"
          autoComplete="off"
          maxLength={100}
          problem={problem}
        />
        <button type="submit" disabled={isBusy}>
          {texts.save}
        </button>
      </form>
    </div>
  )
}

interface ViewEntryProps {
  readonly siteId: string
  readonly view: { readonly savedViewId: string; readonly name: string; readonly path: string }
  readonly onChange: () => void
}

function ViewEntry({ siteId, view: { savedViewId, name, path }, onChange }: ViewEntryProps) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const remove = () =>
    make(async () => {
      requireDone((await send(ViewRemoveDocument, { input: { siteId, savedViewId } })).viewRemove)
      onChange()
    })
  const [page = '', search = ''] = path.split('?')
  const target = `${sitePath(siteId, page)}${search === '' ? '' : `?${search}`}`
  return (
    <li>
      <a class="entry-name" href={hrefOf(target)}>
        {name}
      </a>
      <button
        type="button"
        class="quiet"
        disabled={isBusy}
        aria-label={texts.removeNamed(name)}
        onClick={remove}
      >
        {texts.remove}
      </button>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </li>
  )
}
