import { useId } from 'preact/hooks'
import { CopyButton } from './copy-button.tsx'
import { messages } from '../messages/messages.ts'
import { serverAddress } from '../navigation/base-path.ts'
import type { SiteSummary } from '../pages/site-page.ts'

interface FirstStepsProps {
  readonly site: SiteSummary
  /** Whether a post was ever published. */
  readonly hasPost: boolean
  /** Of the last 30 days. */
  readonly recent: { readonly views: number; readonly delivery: { readonly bytesSaved: number | null } }
}

/** Views from which on percentiles have enough samples. */
export const enoughViews = 30

/** What has arrived of a new site, and how the rest gets there. */
export function FirstSteps({ site, hasPost, recent }: FirstStepsProps) {
  const id = useId()
  const { checklist } = messages
  const snippet = `<script defer src="${serverAddress}/v1/rum.js" data-site="${site.siteId}"></script>`
  const steps = [
    {
      name: checklist.connected,
      isDone: site.disconnectedAt === null,
      how: checklist.connectedWhy(new URL(site.url).host),
    },
    { name: checklist.published, isDone: hasPost, how: checklist.publishedHow },
    { name: checklist.viewed, isDone: recent.views > 0, how: checklist.viewedHow, hasSnippet: true },
    { name: checklist.enough, isDone: recent.views >= enoughViews, how: checklist.enoughHow },
    { name: checklist.delivered, isDone: (recent.delivery.bytesSaved ?? 0) > 0, how: checklist.deliveredHow },
  ]
  const done = steps.filter(({ isDone }) => isDone).length
  return (
    <section class="panel first-steps get-started" aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id}>{checklist.title}</h2>
        <span class="hint">{checklist.progress(done, steps.length)}</span>
      </div>
      <ol>
        {steps.map(({ name, isDone, how, hasSnippet = false }) => (
          <li key={name} class={isDone ? 'done' : 'open'}>
            <span class="step-mark" aria-hidden="true">
              {isDone ? '✓' : ''}
            </span>
            <div>
              <strong>{name}</strong>{' '}
              <span class="visually-hidden">{isDone ? checklist.done : checklist.open}</span>
              {!isDone && <p class="hint">{how}</p>}
              {!isDone && hasSnippet && (
                <>
                  <p class="hint">{checklist.viewedOther}</p>
                  <pre>
                    <code>{snippet}</code>
                  </pre>
                  <CopyButton what={checklist.snippet} text={snippet} />
                </>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
