import { useId, useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { Field } from '../../components/field.tsx'
import {
  ModelDocument,
  type ModelQuery,
  ModelRemoveDocument,
  ModelSetDocument,
} from '../../generated/graphql.ts'
import { format } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { type Field as FormField, useSubmit } from '../../session/use-submit.ts'
import { LocalModels } from './local-models.tsx'

type Model = NonNullable<NonNullable<ModelQuery['site']>['model']>

/** Interval between two loads, ms. */
const modelEvery = 60_000
const micro = 1_000_000

/** The model that writes a site's drafts, with its budget; for owners. */
export function ModelPanel({ siteId }: { readonly siteId: string }) {
  const id = useId()
  const { data, error, reload } = useGraph(ModelDocument, { siteId }, modelEvery)
  if (data === null || data.site === null) {
    return error === null ? <p class="loading">Loading…</p> : <Failure error={error} onRetry={reload} />
  }
  const { model, mayManageModels } = data.site
  return (
    <>
      <section class="panel fields" aria-labelledby={id}>
        <h2 id={id}>The model for drafts</h2>
        {error !== null && <Failure error={error} onRetry={reload} />}
        <p class="hint">
          Any OpenAI-compatible endpoint: a provider, or your own Ollama or vLLM. It is given a brief and its
          evidence, and nothing else. Without prices, the budget counts tokens.
        </p>
        {model !== null && <ChosenModel siteId={siteId} model={model} onChanged={reload} />}
        {/* A form that was filled in must not be emptied by the next load. */}
        <ModelForm
          key={model?.name ?? ''}
          siteId={siteId}
          model={model?.kind === 'LOCAL' ? null : model}
          mayManage={mayManageModels}
          onChanged={reload}
        />
      </section>
      {mayManageModels && (
        <LocalModels siteId={siteId} chosen={model?.kind === 'LOCAL' ? model.name : null} onChosen={reload} />
      )}
    </>
  )
}

interface ModelProps {
  readonly siteId: string
  readonly onChanged: () => void
}

function ChosenModel({ siteId, model, onChanged }: ModelProps & { readonly model: Model }) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const remove = () =>
    make(async () => {
      await send(ModelRemoveDocument, { input: { siteId } })
      onChanged()
    })
  return (
    <>
      <p>
        <strong>{model.name}</strong>{' '}
        {model.kind === 'LOCAL' ? 'on this server' : `at ${model.baseUrl ?? ''}`}
        {model.hasKey ? ', with a key' : ', without a key'}. This month it has used {usedText(model)}.
      </p>
      <div class="save">
        <button type="button" class="quiet" disabled={isBusy} onClick={remove}>
          Remove the model
        </button>
        {problem !== null && (
          <span class="bad" role="alert">
            {problem}
          </span>
        )}
      </div>
    </>
  )
}

function usedText({ currency, budget, use }: Model): string {
  if (currency === null) return `${format.count(use.tokens)} of ${format.count(budget)} tokens`
  return `${(use.cost / micro).toFixed(2)} of ${budget.toFixed(2)} ${currency}`
}

interface ModelFormProps extends ModelProps {
  /** The endpoint that is set; null: none, or a local model. */
  readonly model: Model | null
  /** Whether this person may let it have a private address. */
  readonly mayManage: boolean
}

function ModelForm({ siteId, model, mayManage, onChanged }: ModelFormProps) {
  const send = useSendToGraph()
  const [isSaved, setSaved] = useState(false)
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    setSaved(false)
    await send(ModelSetDocument, { input: { siteId, model: modelOf(field) } })
    setSaved(true)
    onChanged()
  })
  const text = { type: 'text', autoComplete: 'off' } as const
  return (
    <form class="fields" onSubmit={submit}>
      <Field
        {...text}
        label="Endpoint"
        name="baseUrl"
        value={model?.baseUrl ?? ''}
        hint="The address before /chat/completions, such as https://models.example/v1."
      />
      <Field {...text} label="Name of the model" name="model" value={model?.name ?? ''} maxLength={200} />
      <Field
        label="Key"
        name="key"
        type="password"
        autoComplete="off"
        required={false}
        hint="It is stored encrypted and never shown. Empty: a stored key stays."
      />
      <Field {...text} label="Budget for a month" name="budget" value={String(model?.budget ?? 1_000_000)} />
      <Field
        {...text}
        label="Price of a million input tokens"
        name="inputPrice"
        required={false}
        value={textOf(model?.inputPrice)}
      />
      <Field
        {...text}
        label="Price of a million output tokens"
        name="outputPrice"
        required={false}
        value={textOf(model?.outputPrice)}
      />
      <Field
        {...text}
        label="Currency"
        name="currency"
        required={false}
        maxLength={3}
        value={model?.currency ?? ''}
        hint="Such as EUR; with prices."
      />
      <Field
        {...text}
        label="Tokens of an answer"
        name="maxOutputTokens"
        value={String(model?.maxOutputTokens ?? 4096)}
        hint="The longest draft, 256 to 32768."
      />
      {mayManage && (
        <fieldset class="choices">
          <legend>For administrators</legend>
          <label>
            <input
              type="checkbox"
              name="private"
              value="yes"
              defaultChecked={model?.allowPrivateAddresses ?? false}
            />
            <span>The endpoint may have a private address, such as a machine in this network</span>
          </label>
        </fieldset>
      )}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          Save the model
        </button>
        <span role="status">{isSaved && 'Saved.'}</span>
      </div>
    </form>
  )
}

function modelOf(field: FormField) {
  const key = field('key')
  return {
    kind: 'ENDPOINT',
    baseUrl: field('baseUrl').trim(),
    name: field('model').trim(),
    ...(key !== '' && { key }),
    budget: numberOf(field('budget'), 'budget'),
    inputPrice: field('inputPrice') === '' ? null : numberOf(field('inputPrice'), 'price of input tokens'),
    outputPrice:
      field('outputPrice') === '' ? null : numberOf(field('outputPrice'), 'price of output tokens'),
    currency: field('currency').trim().toUpperCase() || null,
    maxOutputTokens: numberOf(field('maxOutputTokens'), 'number of tokens'),
    allowPrivateAddresses: field('private') === 'yes',
  } as const
}

/** @throws if a field is no number */
function numberOf(text: string, what: string): number {
  const value = Number(text.trim().replace(',', '.'))
  if (text.trim() === '' || !Number.isFinite(value))
    throw new Error(`The ${what} is no number such as 12.50.`)
  return value
}

function textOf(price: number | null | undefined): string {
  return price == null ? '' : String(price)
}
