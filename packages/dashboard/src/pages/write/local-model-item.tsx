import {
  type LocalModelsFragment,
  LocalModelRemoveDocument,
  ModelSetDocument,
} from '../../generated/graphql.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { bytesText } from './bytes-text.ts'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.localModelItem

type LocalModel = LocalModelsFragment['models'][number]

interface LocalModelItemProps {
  readonly siteId: string
  readonly model: LocalModel
  /** Whether it writes the site's drafts. */
  readonly isChosen: boolean
  readonly onChosen: () => void
  readonly onChanged: () => void
}

/** Tokens of a month for a site that chooses a file: it costs nothing, and the owner can change it. */
const budget = 10_000_000

/** One file: its size or progress, and what can be done with it. */
export function LocalModelItem({ siteId, model, isChosen, onChosen, onChanged }: LocalModelItemProps) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const { name, state } = model
  const use = () =>
    make(async () => {
      await send(ModelSetDocument, { input: { siteId, model: { kind: 'LOCAL', name, budget } } })
      onChosen()
    })
  const remove = () => {
    if (!confirm(texts.removeFromThisServer(name))) return
    make(async () => {
      await send(LocalModelRemoveDocument, { input: { name } })
      onChanged()
    })
  }
  return (
    <li class="evidence">
      <p>
        {name} <span class="hint">{stateText(model, isChosen)}</span>
      </p>
      {state === 'FETCHING' && <Progress model={model} />}
      {model.problem !== null && <p class={state === 'FETCHING' ? 'hint' : 'bad'}>{model.problem}</p>}
      <div class="save">
        {state === 'READY' && !isChosen && (
          <button type="button" disabled={isBusy} onClick={use}>
            {texts.writeDrafts(name)}
          </button>
        )}
        <button
          type="button"
          class="quiet"
          aria-label={texts.removeNamed(name)}
          disabled={isBusy}
          onClick={remove}
        >
          {texts.remove}
        </button>
        {problem !== null && (
          <span class="bad" role="alert">
            {problem}
          </span>
        )}
      </div>
    </li>
  )
}

function stateText({ state, bytes }: LocalModel, isChosen: boolean): string {
  if (state === 'READY') return isChosen ? texts.writesThisSitesDrafts(bytesText(bytes)) : bytesText(bytes)
  return state === 'FETCHING' ? texts.isBeingFetched : texts.stoppedAfter(bytesText(bytes))
}

function Progress({ model: { name, bytes, totalBytes } }: { readonly model: LocalModel }) {
  if (totalBytes === null) return <p class="hint">{texts.soFar(bytesText(bytes))}</p>
  return (
    <p>
      <progress aria-label={texts.progressOf(name)} max={totalBytes} value={bytes} />{' '}
      <span class="hint">{texts.of(bytesText(bytes), bytesText(totalBytes))}</span>
    </p>
  )
}
