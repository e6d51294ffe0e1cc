import { useState } from 'preact/hooks'
import { DraftRequestDocument } from '../../generated/graphql.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.writeDraft

interface WriteDraftProps {
  readonly briefId: string
  readonly onRequested: () => void
}

/** A button that has the site's model write a draft from a brief. */
export function WriteDraft({ briefId, onRequested }: WriteDraftProps) {
  const send = useSendToGraph()
  const [isRequested, setRequested] = useState(false)
  const { make, problem, isBusy } = useChange()
  const press = () =>
    make(async () => {
      await send(DraftRequestDocument, { input: { briefId } })
      setRequested(true)
      onRequested()
    })
  return (
    <div class="save">
      <button type="button" disabled={isBusy} onClick={press}>
        {texts.writeDraft}
      </button>
      <span role="status">{isRequested && texts.requestedItIsListed}</span>
      {problem !== null && (
        <span class="bad" role="alert">
          {problem}
        </span>
      )}
    </div>
  )
}
