import { useState } from 'preact/hooks'
import type { SitePageProps } from '../site-page.ts'
import { AdviceList } from './advice-list.tsx'
import { Briefs } from './briefs.tsx'
import { DraftList } from './draft-list.tsx'
import { EvidenceList } from './evidence-list.tsx'
import { ModelPanel } from './model-panel.tsx'
import { QueriesForm } from './queries-form.tsx'
import { TrialList } from './trial-list.tsx'
import { Uploads } from './uploads.tsx'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.write

/** What to write and what to improve, from what, and with which effect. */
export function Write({ site }: SitePageProps) {
  const [requested, setRequested] = useState(0)
  if (!site.mayReadEvidence) {
    return (
      <section class="panel settings-note">
        <p>{texts.onlyMembers}</p>
      </section>
    )
  }
  return (
    <div class="report write">
      <Briefs site={site} onRequested={() => setRequested((count) => count + 1)} />
      <DraftList site={site} requested={requested} />
      <AdviceList site={site} />
      <TrialList site={site} />
      <Uploads site={site} />
      {site.mayWrite && <QueriesForm siteId={site.siteId} />}
      {site.mayConfigure && <ModelPanel siteId={site.siteId} />}
      <EvidenceList siteId={site.siteId} />
    </div>
  )
}
