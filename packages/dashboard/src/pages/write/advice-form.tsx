import { useId, useState } from 'preact/hooks'
import { type AdviceFragment, type AdviceKind, PageTrialStartDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.adviceForm

interface AdviceFormProps {
  readonly siteId: string
  readonly kind: AdviceKind
  readonly advice: readonly AdviceFragment[]
  readonly mayWrite: boolean
  readonly onStarted: () => void
}

/** The pages of one kind of advice, each with the text that a person approves. */
export function AdviceForm({ siteId, kind, advice, mayWrite, onStarted }: AdviceFormProps) {
  const send = useSendToGraph()
  const [isStarted, setStarted] = useState(false)
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    setStarted(false)
    const approvedTexts = advice
      .map(({ postId }) => ({ postId, text: field(`text ${postId}`).trim() }))
      .filter(({ text }) => text !== '')
    await send(PageTrialStartDocument, { input: { siteId, advice: kind, approvedTexts } })
    setStarted(true)
    onStarted()
  })
  return (
    <form class="fields" onSubmit={submit}>
      {mayWrite && <p class="hint">{texts.approveTextForEach}</p>}
      {advice.map((each) => (
        <AdvisedPage key={each.postId} advice={each} mayWrite={mayWrite} />
      ))}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      {mayWrite && (
        <div class="save">
          <button type="submit" disabled={isBusy}>
            {texts.tryOnRandomHalf}
          </button>
          <span role="status">{isStarted && texts.startedItIsListed}</span>
        </div>
      )}
    </form>
  )
}

function AdvisedPage({
  advice: { kind, postId, url, title, description, pixels, maxPixels, sameAs, proposal },
  mayWrite,
}: {
  readonly advice: AdviceFragment
  readonly mayWrite: boolean
}) {
  const id = useId()
  const shown = kind.startsWith('TITLE') ? title : description
  return (
    <div class="advised-page">
      <p>
        {/^https?:/.test(url) ? <a href={url}>{title ?? url}</a> : (title ?? url)}
        <br />
        <span class="hint" dir="auto">
          {shown === null ? texts.nothingNow : texts.now(shown)}
          {pixels > maxPixels && texts.ofPx(Math.round(pixels), maxPixels)}
          {sameAs.length > 0 && texts.alsoOfPost(sameAs.join(', '))}
        </span>
      </p>
      {mayWrite && (
        <div class="field">
          <label for={id}>{texts.newTextForPost(postId)}</label>
          <textarea id={id} name={`text ${postId}`} rows={2} maxLength={1000} dir="auto">
            {proposal ?? ''}
          </textarea>
        </div>
      )}
    </div>
  )
}
