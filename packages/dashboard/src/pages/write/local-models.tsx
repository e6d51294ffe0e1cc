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
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.localModels

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
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  const { models } = data.localModels
  return (
    <section class="panel fields" aria-labelledby={id}>
      <h2 id={id}>{texts.modelsOnThisServer}</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      <p class="hint">{texts.ggufFileWritesDrafts}</p>
      <Runtime state={data.localModels} onChanged={reload} />
      {models.length === 0 ? (
        <p>{texts.thereIsNoFile}</p>
      ) : (
        <ul class="evidence-list" aria-label={texts.modelFiles}>
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
  if (isInstalled) return <p>{texts.runtimeIsInstalled}</p>
  const install = () =>
    make(async () => {
      await send(LocalModelsInstallDocument, {})
      onChanged()
    })
  return (
    <div class="save">
      <button type="button" disabled={isBusy || isInstalling} onClick={install}>
        {texts.installRuntime}
      </button>
      <span role="status">{isInstalling ? texts.itIsBeingInstalled : texts.itIsNotInstalled}</span>
      {(problem ?? failure) !== null && (
        <span class="bad" role="alert">
          {problem ?? failure}
        </span>
      )}
    </div>
  )
}
