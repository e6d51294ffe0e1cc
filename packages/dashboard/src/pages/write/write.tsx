import type { SitePageProps } from '../site-page.ts'
import { AdviceList } from './advice-list.tsx'
import { Briefs } from './briefs.tsx'
import { DraftList } from './draft-list.tsx'
import { EvidenceList } from './evidence-list.tsx'
import { ModelPanel } from './model-panel.tsx'
import { QueriesForm } from './queries-form.tsx'
import { TrialList } from './trial-list.tsx'
import { Uploads } from './uploads.tsx'

/** What to write and what to improve, from what, and with which effect. */
export function Write({ site }: SitePageProps) {
  if (!site.mayReadEvidence) {
    return (
      <section class="panel settings-note">
        <p>Only members of this site see its briefs and evidence. Ask an owner for an account.</p>
      </section>
    )
  }
  return (
    <div class="report write">
      <Briefs site={site} />
      <DraftList site={site} />
      <AdviceList site={site} />
      <TrialList site={site} />
      <Uploads site={site} />
      {site.mayWrite && <QueriesForm siteId={site.siteId} />}
      {site.mayConfigure && <ModelPanel siteId={site.siteId} />}
      <EvidenceList siteId={site.siteId} />
    </div>
  )
}
