import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { getNamedType, isListType, isNonNullType, isObjectType } from 'graphql'
import { ask, openTestApi, type TestApi } from './api.testing.ts'
import { schema } from './schema/schema.ts'

/** Returns a bare type that a later mutation replaced: its field says so. */
const replaced = new Set(['localModelsInstall'])

test('the result of every mutation has userErrors, and nothing in it but these is sure to be there', () => {
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {})
  assert.ok(fields.length > 70)
  for (const { name, type, deprecationReason } of fields) {
    if (replaced.has(name)) {
      assert.ok(deprecationReason, name)
      continue
    }
    const payload = getNamedType(type)
    assert.ok(isObjectType(payload), name)
    const { userErrors, ...others } = payload.getFields()
    assert.equal(String(userErrors?.type), '[UserError!]!', name)
    for (const other of Object.values(others)) {
      assert.ok(!isNonNullType(other.type) || isListType(getNamedType(other.type)), `${name}.${other.name}`)
    }
  }
})

suite('problems of input', { timeout: 120_000 }, () => {
  let opened: TestApi
  let siteId: string
  before(async () => {
    opened = await openTestApi()
    const input = { url: 'https://garden.test', consent: 'assumed', allowPrivateAddresses: false } as const
    siteId = (await opened.registry.sites.add(input)).site.id
  })
  after(() => opened.close())

  const call = (mutation: string, input: object, selected = 'userErrors { field code message }') => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
    const text = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selected} } }`
    return ask(opened.api, text, { variables: { input } })
  }

  const soon = '2027-01-01T00:00:00Z'
  const missing = 'zzzzzzzzzzzzzzzz'
  const global = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64')
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  /** For each mutation: input that a person can correct, and what its problem must be. Fields may need the site. */
  const wrong: readonly (readonly [mutation: string, input: object, code: string, field: string | null])[] = [
    // Settings, keys.
    ['siteConfigure', { timeZone: 'Mars/Olympus' }, 'INVALID', 'timeZone'],
    ['siteConfigure', { name: 'a\nb' }, 'INVALID', 'name'],
    ['siteConfigure', { origins: ['somewhere'] }, 'INVALID', 'origins'],
    ['siteConfigure', { siteId: missing, name: 'A' }, 'NOT_FOUND', 'siteId'],
    ['sitePolicySet', { siteId: missing, mode: 'FULL', consent: 'ASSUMED' }, 'NOT_FOUND', 'siteId'],
    ['siteRetain', { days: -1 }, 'INVALID', 'days'],
    ['siteRemove', { siteId: 'no id' }, 'NOT_FOUND', 'siteId'],
    ['signingKeyRotate', { siteId: missing }, 'NOT_FOUND', 'siteId'],
    ['webhookSecretRotate', { siteId: missing }, 'NOT_FOUND', 'siteId'],
    ['releaseRecord', { component: '', version: '1' }, 'INVALID', 'component'],
    ['annotationAdd', { note: '', noteAt: soon }, 'INVALID', 'note'],
    ['connectorSet', { kind: 'FEED', url: 'https://elsewhere.test/feed' }, 'INVALID', 'url'],
    ['publicReportPublish', { siteId: missing }, 'NOT_FOUND', 'siteId'],
    // Tokens, members.
    ['tokenCreate', { name: '', siteIds: 'SITE', scopes: ['REPORT_READ'], expiresAt: soon }, 'INVALID', null],
    ['tokenRevoke', { tokenId: missing }, 'NOT_FOUND', 'tokenId'],
    ['seedTokensRotate', { siteId: missing }, 'NOT_FOUND', 'siteId'],
    ['memberInvite', { email: 'nobody', role: 'VIEWER' }, 'INVALID', 'email'],
    ['memberRoleSet', { accountId: missing, role: 'VIEWER' }, 'NOT_FOUND', 'accountId'],
    ['passwordReset', { email: 'nobody@garden.test' }, 'NOT_FOUND', 'email'],
    ['administratorInvite', { email: 'nobody' }, 'INVALID', 'email'],
    ['accountClose', { accountId: missing }, 'NOT_FOUND', 'accountId'],
    ['invitationRevoke', { invitationId: missing }, 'NOT_FOUND', 'invitationId'],
    // Schedules, alerts.
    ['reportScheduleAdd', { cadence: 'WEEKLY', channelIds: [missing] }, 'NOT_FOUND', 'channelIds'],
    ['reportScheduleRemove', { scheduleId: missing }, 'NOT_FOUND', 'scheduleId'],
    ['channelAdd', { kind: 'WEBHOOK', target: 'somewhere' }, 'INVALID', 'target'],
    ['channelTest', { channelId: missing }, 'NOT_FOUND', 'channelId'],
    ['objectiveSet', { kind: 'LCP', target: 2 }, 'INVALID', 'target'],
    ['incidentAcknowledge', { incidentId: missing }, 'NOT_FOUND', 'incidentId'],
    [
      'findingDismiss',
      { findingId: ['Finding', 'lagging-region/FR'], dismissed: true },
      'NOT_FOUND',
      'findingId',
    ],
    // Community.
    ['postVote', { submissionId: missing, value: 'UP' }, 'CONFLICT', 'siteId'],
    ['postShare', { postId: '7' }, 'CONFLICT', 'siteId'],
    ['postReport', { reportedId: missing, reason: 'SPAM' }, 'CONFLICT', 'siteId'],
    [
      'moderationDecide',
      { submissionId: missing, action: 'HIDE', text: 'Because.' },
      'NOT_FOUND',
      'submissionId',
    ],
    ['communityBan', { host: 'nobody.test', text: 'Because.' }, 'CONFLICT', 'host'],
    ['communityUnban', { host: 'nobody.test', text: ' ' }, 'INVALID', 'text'],
    ['communityBanAppeal', { text: 'Because.' }, 'CONFLICT', 'siteId'],
    ['seedGrantMake', { seed: 'x', maxBytes: 0.5, bytesPerDay: 1, expiresAt: soon }, 'INVALID', 'maxBytes'],
    ['seedOfferRevoke', { seed: 'x' }, 'NOT_FOUND', 'seed'],
    // Editorial.
    ['draftRequest', { briefId: ['Brief', missing] }, 'NOT_FOUND', 'briefId'],
    ['draftApprove', { draftId: ['Draft', missing] }, 'NOT_FOUND', 'draftId'],
    [
      'evidenceUpload',
      { name: 'a', format: 'TEXT', uploadFile: base64('a'), date: 'now' },
      'INVALID',
      'date',
    ],
    ['evidenceUploadRemove', { uploadId: ['Upload', missing] }, 'NOT_FOUND', 'uploadId'],
    [
      'modelSet',
      { model: { kind: 'ENDPOINT', name: 'm', baseUrl: 'http://a.test', budget: 1 } },
      'INVALID',
      'model.baseUrl',
    ],
    ['pageTrialEnd', { trialId: missing }, 'NOT_FOUND', 'trialId'],
    ['localModelFetch', { url: 'https://a.test/m', name: 'm.gguf', sha256: '0' }, 'INVALID', 'sha256'],
    ['searchQueriesImport', { queriesFile: base64('no table') }, 'INVALID', 'queriesFile'],
  ]
  for (const [mutation, given, code, field] of wrong) {
    test(`${mutation} reports ${code} of ${field ?? 'its input'}, and without userErrors it is refused`, async () => {
      const type = schema.getType(`${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`)
      const takesSite = type !== undefined && 'getFields' in type && 'siteId' in type.getFields()
      const input = Object.fromEntries(
        Object.entries({ ...(takesSite && { siteId }), ...given }).map(([name, value]) => {
          if (value === 'SITE') return [name, [siteId]]
          const isId = name.endsWith('Id') && Array.isArray(value)
          return [name, isId ? global(String(value[0]), `${siteId}/${value[1]}`) : value]
        }),
      )
      const { status, data, errors } = await call(mutation, input)
      assert.deepEqual([status, errors], [200, []])
      const [problem, ...more] = data[mutation].userErrors
      assert.deepEqual([problem.code, problem.field, more], [code, field, []], problem.message)
      assert.ok(problem.message.length > 5)
      const old = await call(mutation, input, '__typename')
      assert.deepEqual([old.status, old.errors[0]?.message], [400, problem.message])
      assert.equal(old.errors[0]?.extensions.code, 'BAD_USER_INPUT')
    })
  }

  test('the other fields of a refused mutation are null, and a later mutation of the document runs', async () => {
    const { status, data } = await ask(
      opened.api,
      `mutation ($id: String!) {
        wrong: siteConfigure(input: { siteId: $id, timeZone: "Mars/Olympus" }) { site { name } ...Problems }
        right: siteConfigure(input: { siteId: $id, name: "The garden" }) { site { name } ...Problems }
      }
      fragment Problems on SiteConfigurePayload { ... on SiteConfigurePayload { userErrors { field } } }`,
      { variables: { id: siteId } },
    )
    assert.equal(status, 200)
    assert.deepEqual(data, {
      wrong: { site: null, userErrors: [{ field: 'timeZone' }] },
      right: { site: { name: 'The garden' }, userErrors: [] },
    })
  })

  test('userErrors that a directive leaves out hide no problem', async () => {
    for (const left of ['@skip(if: true)', '@include(if: false)']) {
      const input = { siteId, timeZone: 'Mars/Olympus' }
      const { status } = await call('siteConfigure', input, `site { name } userErrors ${left} { code }`)
      assert.equal(status, 400, left)
    }
    const { status, data } = await call(
      'siteConfigure',
      { siteId, timeZone: 'Mars/Olympus' },
      'userErrors @include(if: true) @skip(if: false) { code }',
    )
    assert.deepEqual([status, data.siteConfigure.userErrors], [200, [{ code: 'INVALID' }]])
  })

  test('what no input can correct still refuses the request', async () => {
    const text = `mutation ($id: String!) { siteConfigure(input: { siteId: $id, name: "B" }) { userErrors { code } } }`
    const roles = new Map([[siteId, 'viewer' as const]])
    const viewer = { kind: 'account', roles, readsAll: false } as const
    const account = {
      id: 'v'.repeat(16),
      email: 'viewer@garden.test',
      name: 'Viewer',
      isAdministrator: false,
      createdAt: new Date(0),
      closedAt: null,
    }
    const refused = await ask(opened.api, text, { variables: { id: siteId }, viewer: { ...viewer, account } })
    assert.deepEqual([refused.status, refused.errors[0]?.extensions.code], [403, 'FORBIDDEN'])
    const nobody = await ask(opened.api, text, { variables: { id: siteId }, viewer: 'nobody' })
    assert.equal(nobody.status, 401)
  })
})
