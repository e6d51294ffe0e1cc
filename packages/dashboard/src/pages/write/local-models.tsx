import { useId } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import {
  type LocalModelsFragment,
  LocalModelsDocument,
  LocalModelsInstallDocument,
} from '../../generated/graphql.ts'
import { useChange } from '../../session/use-change.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { LocalModelForm } from './local-model-form.tsx'
import { LocalModelItem } from './local-model-item.tsx'

/** Interval between two loads, ms: a file that is being fetched shows how far it is. */
const localModelsEvery = 3000

interface LocalModelsProps {
  readonly siteId: string
  /** The file that writes the site's drafts; null: none. */
  readonly chosen: string | null
  /** Called after a file was chosen for the site. */
  readonly onChosen: () => void
}

/** The models that run on this server; for administrators. */
export function LocalModels({ siteId, chosen, onChosen }: LocalModelsProps) {
  const id = useId()
  const { data, error, reload } = useGraph(LocalModelsDocument, {}, localModelsEvery)
  if (data === null) {
    return error === null ? <p class="loading">Loading…</p> : <Failure error={error} onRetry={reload} />
  }
  const { models } = data.localModels
  return (
    <section class="panel fields" aria-labelledby={id}>
      <h2 id={id}>Models on this server</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      <p class="hint">
        A GGUF file writes drafts without any other service. It needs about as much memory as its size, of at
        most 8 GiB, and takes minutes for a draft.
      </p>
      <Runtime state={data.localModels} onChanged={reload} />
      {models.length === 0 ? (
        <p>There is no file yet: fetch one, or copy it into the folder “models” of the data folder.</p>
      ) : (
        <ul class="evidence-list" aria-label="Model files">
          {models.map((model) => (
            <LocalModelItem
              key={model.name}
              siteId={siteId}
              model={model}
              isChosen={model.name === chosen}
              onChosen={onChosen}
              onChanged={reload}
            />
          ))}
        </ul>
      )}
      <LocalModelForm onBegun={reload} />
    </section>
  )
}

interface RuntimeProps {
  readonly state: LocalModelsFragment
  readonly onChanged: () => void
}

function Runtime({ state: { isInstalled, isInstalling, problem: failure }, onChanged }: RuntimeProps) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  if (isInstalled) return <p>The runtime is installed.</p>
  const install = () =>
    make(async () => {
      await send(LocalModelsInstallDocument, {})
      onChanged()
    })
  return (
    <div class="save">
      <button type="button" disabled={isBusy || isInstalling} onClick={install}>
        Install the runtime
      </button>
      <span role="status">
        {isInstalling ? 'It is being installed from the npm registry.' : 'It is not installed yet.'}
      </span>
      {(problem ?? failure) !== null && (
        <span class="bad" role="alert">
          {problem ?? failure}
        </span>
      )}
    </div>
  )
}
