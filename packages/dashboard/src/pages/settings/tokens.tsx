import { useId, useState } from 'preact/hooks'
import { Choice, Entry, EntryPanel } from '../../components/entry-list.tsx'
import { Field } from '../../components/field.tsx'
import { OnceShown } from '../../components/once-shown.tsx'
import {
  SeedTokensRotateDocument,
  SiteTokensDocument,
  type SiteTokensQuery,
  TokenCreateDocument,
  TokenRevokeDocument,
  type TokenScope,
} from '../../generated/graphql.ts'
import { formatTime } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { present } from '../../session/user-errors.ts'
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.tokens

type Token = NonNullable<SiteTokensQuery['site']>['tokensConnection']['edges'][number]['node']

const scopeLabels: Readonly<Record<TokenScope, string>> = {
  REPORT_READ: texts.readReports,
  MEASUREMENT_EXPORT: texts.exportViews,
  POST_PUBLISH: texts.publishPosts,
  COMMUNITY_SHARE: texts.sharePostsWithCommunity,
  COMMUNITY_VOTE: texts.voteInCommunity,
  SITE_CONFIGURE: texts.changeSettings,
  SEED: texts.runSeedAndNothing,
}

const scopes: readonly TokenScope[] = [
  'REPORT_READ',
  'MEASUREMENT_EXPORT',
  'POST_PUBLISH',
  'COMMUNITY_SHARE',
  'COMMUNITY_VOTE',
  'SITE_CONFIGURE',
  'SEED',
]

const expiries = [
  { value: 30, label: '30 days' },
  { value: 90, label: '90 days' },
  { value: 365, label: texts.year },
] as const

/** Interval between two loads, ms. */
const tokensEvery = 300_000

interface PartProps {
  readonly siteId: string
  /** The site's. */
  readonly timeZone: string
}

/** The tokens with which programs act in the site. */
export function Tokens({ siteId, timeZone }: PartProps) {
  const { data, error, reload } = useGraph(SiteTokensDocument, { siteId }, tokensEvery)
  const { edges = [], pageInfo } = data?.site?.tokensConnection ?? {}
  return (
    <EntryPanel
      title={texts.tokens}
      hint={
        <>
          {texts.programSendsToken} <code>Authorization: Bearer TOKEN</code>.
          {pageInfo?.hasNextPage === true && texts.theseAreLatestTokens}
        </>
      }
      error={error}
      onRetry={reload}
      entries={edges.map(({ node: token }) => (
        <TokenEntry key={token.tokenId} token={token} timeZone={timeZone} onChange={reload} />
      ))}
    >
      <NewToken siteId={siteId} onChange={reload} />
      <SeedTokens siteId={siteId} onChange={reload} />
    </EntryPanel>
  )
}

interface TokenEntryProps {
  readonly token: Token
  readonly timeZone: string
  readonly onChange: () => void
}

function TokenEntry({ token, timeZone, onChange }: TokenEntryProps) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const { tokenId, name, expiresAt, usedAt } = token
  const day = (text: string) => formatTime(Date.parse(text), { dateStyle: 'medium', timeZone })
  const revoke = () => {
    if (!confirm(texts.revokeProgramsThatUse(name))) return
    make(async () => {
      await send(TokenRevokeDocument, { input: { tokenId } })
      onChange()
    })
  }
  const notes = [
    token.scopes.map((scope) => scopeLabels[scope]).join(', '),
    expiresAt === null ? texts.doesNotExpire : texts.until(day(expiresAt)),
    usedAt === null ? texts.notUsedYet : texts.lastUsed(day(usedAt)),
  ]
  return (
    <Entry name={name} notes={notes.join(' · ')} problem={problem}>
      <button type="button" disabled={isBusy} aria-label={texts.revokeNamed(name)} onClick={revoke}>
        {texts.revoke}
      </button>
    </Entry>
  )
}

interface NewTokenProps {
  readonly siteId: string
  readonly onChange: () => void
}

function NewToken({ siteId, onChange }: NewTokenProps) {
  const send = useSendToGraph()
  const [made, setMade] = useState<{ readonly name: string; readonly secret: string } | null>(null)
  const { submit, problem, isBusy } = useSubmit(async (field, { all, reset }) => {
    const name = field('name').trim()
    const chosen = scopes.filter((scope) => all('scope').includes(scope))
    if (chosen.length === 0) throw new Error(texts.chooseWhatTokenPermits)
    const days = expiries.find(({ value }) => String(value) === field('days'))?.value ?? 30
    // A server whose clock is a little behind would refuse a whole year.
    const expiresAt = new Date(Date.now() + days * 86_400_000 - 3_600_000).toISOString()
    const { tokenCreate } = await send(TokenCreateDocument, {
      input: { name, siteIds: [siteId], scopes: chosen, expiresAt },
    })
    setMade({ name, secret: present(tokenCreate.secret) })
    reset()
    onChange()
  })
  return (
    <form class="fields" aria-label={texts.newToken} onSubmit={submit}>
      <Field
        label={texts.nameOfNewToken}
        name="name"
        type="text"
        autoComplete="off"
        maxLength={100}
        hint={texts.suchAsProgram}
        problem={problem}
      />
      <fieldset class="choices">
        <legend>{texts.itPermits}</legend>
        {scopes.map((scope) => (
          <label key={scope}>
            <input type="checkbox" name="scope" value={scope} defaultChecked={scope === 'REPORT_READ'} />
            <span>{scopeLabels[scope]}</span>
          </label>
        ))}
      </fieldset>
      <Choice label={texts.itIsValid} name="days" options={expiries} />
      <button type="submit" disabled={isBusy}>
        {texts.makeToken}
      </button>
      {made !== null && (
        <OnceShown label={texts.token(made.name)} text={made.secret} hint={texts.copyItIntoProgram} />
      )}
    </form>
  )
}

/** Ends the tokens of all seeds of the site, also those of release 0.1, which are in no list. */
function SeedTokens({ siteId, onChange }: NewTokenProps) {
  const hint = useId()
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const [secret, setSecret] = useState<string | null>(null)
  const rotate = () => {
    if (!confirm(texts.endTokensOfAll)) return
    make(async () => {
      const { seedTokensRotate } = await send(SeedTokensRotateDocument, { input: { siteId } })
      setSecret(seedTokensRotate.secret)
      onChange()
    })
  }
  return (
    <div class="fields">
      <button type="button" disabled={isBusy} aria-describedby={hint} onClick={rotate}>
        {texts.renewTokenOfAll}
      </button>
      <p class="hint" id={hint}>
        {texts.oneNewTokenTakes}
      </p>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      {secret !== null && (
        <OnceShown label={texts.tokenOfSeeds} text={secret} hint={texts.setItAsPeerpress} />
      )}
    </div>
  )
}
