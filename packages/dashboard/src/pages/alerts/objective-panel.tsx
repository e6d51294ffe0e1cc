import { useId, useState } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { ObjectiveSetDocument, type SiteAlertsQuery } from '../../generated/graphql.ts'
import { format } from '../../report/page-format.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { SettingsForm } from '../settings/settings-form.tsx'
import { objectiveTexts } from './labels.ts'
import { parsePercent, percentText } from './percent.ts'
import type { Field as FieldText } from '../../session/use-submit.ts'
import { alertsMessages } from '../../messages/alerts-messages.ts'

const texts = alertsMessages.objectivePanel

type ShownObjective = NonNullable<SiteAlertsQuery['site']>['objectives'][number]

interface ObjectivePanelProps {
  readonly siteId: string
  readonly objective: ShownObjective
  readonly mayConfigure: boolean
  readonly onSaved: () => void
}

/** An objective: what is left of its budget, what alerts, and its target, which owners change. */
export function ObjectivePanel({ siteId, objective, mayConfigure, onSaved }: ObjectivePanelProps) {
  const { kind, target } = objective
  const send = useSendToGraph()
  const [version, setVersion] = useState(0)
  const id = useId()
  const { title, meaning } = objectiveTexts[kind]
  if (!mayConfigure) {
    return (
      <section class="panel fields" aria-labelledby={id}>
        <h2 id={id}>{title}</h2>
        <Budgets objective={objective} />
        <p class="hint">{texts.atLeastMeaning(percentText(target), meaning)}</p>
      </section>
    )
  }
  const save = async (text: FieldText) => {
    await send(ObjectiveSetDocument, { input: { siteId, kind, target: parsePercent(text('percent')) } })
    setVersion(version + 1)
    onSaved()
  }
  return (
    <SettingsForm title={title} save={save}>
      <Budgets objective={objective} />
      <Field
        key={`${version} ${target}`}
        label={texts.atLeast}
        name="percent"
        type="text"
        autoComplete="off"
        required={false}
        value={percentText(target)}
        hint={texts.leaveItEmpty(meaning)}
      />
    </SettingsForm>
  )
}

function Budgets({ objective: { rules, budgets } }: { readonly objective: ShownObjective }) {
  return (
    <>
      <ul class="budgets">
        {budgets.map((budget) => (
          <li key={budget.measure}>
            <Budget budget={budget} />
          </li>
        ))}
      </ul>
      {rules.every(({ severity, isReachable }) => severity === 'WARNING' || !isReachable) && (
        <p class="hint">{texts.thisObjectiveOnlyWarns}</p>
      )}
    </>
  )
}

function Budget({
  budget: { measure, total, failed, left },
}: {
  readonly budget: ShownObjective['budgets'][number]
}) {
  const noun = measure === 'PROBES' ? texts.probes : texts.views
  if (left === null) return <p class="hint">{texts.noInLastDays(noun)}</p>
  const share = Math.max(0, Math.min(1, left))
  return (
    <>
      <p>
        <strong class={left < 0 ? 'bad' : undefined}>
          {left < 0 ? texts.nothing : format.ratio(share)} {texts.ofErrorBudget}
        </strong>
        {texts.by(noun)}
      </p>
      <div class="budget-bar" aria-hidden="true">
        <div style={{ width: `${100 * share}%` }} />
      </div>
      <p class="hint">
        {texts.ofFailedInLast(format.count(failed), format.count(total), noun)}
        {left < 0 && texts.timesAsMany(format.count(1 - left))}.
      </p>
    </>
  )
}
