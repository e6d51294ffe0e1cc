import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { rowTime } from '@peerpress/store'
import { ask, ndjson, openTestApi, type TestApi, viewRow } from './api.testing.ts'

suite('objectives, incidents and channels', { timeout: 120_000 }, () => {
  let opened: TestApi
  before(async () => {
    opened = await openTestApi()
  })
  after(() => opened.close())

  const addSite = async (name: string, allowPrivateAddresses = false) => {
    const input = { url: `https://${name}.test`, consent: 'assumed', allowPrivateAddresses } as const
    return (await opened.registry.sites.add(input)).site.id
  }
  const query = async (siteId: string, fields: string, viewer: 'operator' | 'reader' = 'operator') =>
    ask(opened.api, `{ site(siteId: "${siteId}") { ${fields} } }`, { viewer })
  const mutate = (
    name: string,
    input: object,
    fields: string,
    viewer: 'operator' | 'reader' = 'operator',
  ) => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`
    const text = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`
    return ask(opened.api, text, { variables: { input }, viewer })
  }
  const refused = async (answer: ReturnType<typeof mutate>, reason: RegExp) => {
    const { status, errors } = await answer
    assert.deepEqual([status, errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'])
    assert.match(errors[0]?.message ?? '', reason)
  }

  test('a site has default objectives, with what is left of their budgets', async () => {
    const siteId = await addSite('budget')
    const at = Date.now() - 3_600_000
    const rows = Array.from({ length: 10 }, (_, index) =>
      viewRow({
        site: siteId,
        started_at: rowTime(at + index),
        assets_complete: 3,
        assets_failed: index === 0 ? 1 : 0,
        lcp: index < 2 ? 3000 : 1000,
      }),
    )
    await opened.store.insertViews(ndjson(rows), siteId)
    for (const [minute, ok] of [true, true, true, false].entries()) {
      await opened.registry.probeOutcomes.record({
        site: siteId,
        kind: 'http',
        url: 'https://budget.test/',
        at: new Date(at + minute * 60_000),
        ok,
        failure: ok ? null : { code: 'timeout', message: 'no answer' },
        durationMs: 1,
        timings: {},
      })
    }
    const fields =
      'kind target changedAt rules { severity isReachable } budgets { measure total failed left }'
    const { data } = await query(siteId, `objectives { ${fields} }`)
    const [availability, lcp] = data.site.objectives
    assert.deepEqual([availability.target, lcp.target, lcp.changedAt], [0.995, 0.75, null])
    // A quarter of the probes failed where one in 200 may: 50 times the budget.
    assert.deepEqual(rounded(availability.budgets), [
      { measure: 'PROBES', total: 4, failed: 1, left: -49 },
      { measure: 'VIEWS', total: 10, failed: 1, left: -19 },
    ])
    assert.deepEqual(rounded(lcp.budgets), [{ measure: 'VIEWS', total: 10, failed: 2, left: 0.2 }])
    assert.deepEqual(lcp.rules, [
      { severity: 'PAGE', isReachable: false },
      { severity: 'PAGE', isReachable: false },
      { severity: 'WARNING', isReachable: true },
    ])
  })

  test('an objective is set, returns to its default, and is refused with the reason', async () => {
    const siteId = await addSite('objective')
    const set = (target: number | null, viewer: 'operator' | 'reader' = 'operator') =>
      mutate('objectiveSet', { siteId, kind: 'LCP', target }, 'site { objectives { target } }', viewer)
    const targets = async (answer: ReturnType<typeof set>) =>
      (await answer).data.objectiveSet.site.objectives.map((each: { target: number }) => each.target)
    assert.deepEqual(await targets(set(0.9)), [0.995, 0.9])
    await refused(set(0), /No burn rate can reach this objective/)
    await refused(set(1), /leaves no error budget/)
    await refused(set(90), /a ratio between 0 and 1/)
    assert.equal((await set(0.8, 'reader')).status, 403)
    assert.deepEqual(await targets(set(null)), [0.995, 0.75])
    const unknown = { siteId: 'nosuchsite000000', kind: 'LCP', target: 0.9 }
    await refused(mutate('objectiveSet', unknown, 'site { siteId }'), /no such site/)
  })

  test('incidents show with their history, open ones first, and are acknowledged once', async () => {
    const siteId = await addSite('incident')
    const { incidents } = opened.registry
    const open = { type: 'open', severity: 'page', since: new Date(0) } as const
    await incidents.apply(siteId, [
      { ...open, symptom: 'lcp', summary: 'Slow.' },
      { ...open, symptom: 'origin-down', summary: 'Dead.' },
    ])
    const [first, second] = await incidents.open(siteId)
    const lcp = first?.symptom === 'lcp' ? first : second
    await incidents.apply(siteId, [{ type: 'resolve', id: lcp?.id ?? '', reason: 'Fast again.' }])
    const fields =
      'incidents(first: 5) { edges { node { id incidentId symptom resolvedAt acknowledgedBy entries { type text } } } }'
    const read = async () => {
      const { edges } = (await query(siteId, fields)).data.site.incidents
      return edges.map(({ node }: { node: object }) => node)
    }
    const [down, slow] = await read()
    assert.deepEqual([down.symptom, slow.symptom], ['ORIGIN_DOWN', 'LCP'])
    assert.deepEqual(slow.entries, [
      { type: 'OPENED', text: 'Slow.' },
      { type: 'RESOLVED', text: 'Fast again.' },
    ])
    const { incidentId } = down
    const acknowledge = (viewer: 'operator' | 'reader') =>
      mutate('incidentAcknowledge', { incidentId }, 'incident { acknowledgedBy }', viewer)
    assert.equal((await acknowledge('reader')).status, 403)
    for (const _ of [1, 2]) await acknowledge('operator')
    const [acknowledged] = await read()
    assert.equal(acknowledged.acknowledgedBy, 'The operator')
    assert.deepEqual(
      acknowledged.entries.map(({ type }: { type: string }) => type),
      ['OPENED', 'ACKNOWLEDGED'],
    )
    const node = await ask(opened.api, `{ node(id: "${down.id}") { ... on Incident { summary } } }`)
    assert.equal(node.data.node.summary, 'Dead.')
    for (const wrong of ["' or 1", '00000000-0000-4000-8000-000000000000']) {
      const input = { incidentId: wrong }
      await refused(mutate('incidentAcknowledge', input, 'incident { id }'), /no such incident/)
    }
  })

  test('a channel is added, tested and removed, and only the operator sees it', async () => {
    const siteId = await addSite('channel')
    const add = (kind: string, target: string) =>
      mutate('channelAdd', { siteId, kind, target }, 'channel { channelId } secret')
    const mail = (await add('EMAIL', 'owner@example.org')).data.channelAdd
    assert.equal(mail.secret, null)
    const hook = (await add('WEBHOOK', 'https://hooks.example/1')).data.channelAdd
    assert.match(hook.secret, /^whsec_[\w+/]{43}=$/)
    const { channelId } = mail.channel
    const fields = 'channelId kind target unsubscribedAt state { pending last { type isPending error } }'
    const { data } = await query(siteId, `channelKinds channels { ${fields} }`)
    assert.deepEqual(data.site.channelKinds, ['EMAIL', 'WEBHOOK'])
    assert.deepEqual(
      data.site.channels.map(({ target }: { target: string }) => target),
      ['owner@example.org', 'https://hooks.example/1'],
    )
    const tested = await mutate('channelTest', { channelId }, `channel { ${fields} }`)
    const last = { type: 'TEST', isPending: true, error: null }
    assert.deepEqual(tested.data.channelTest.channel.state, { pending: 1, last })
    await refused(mutate('channelTest', { channelId }, 'channel { channelId }'), /less than a minute/)
    await refused(add('EMAIL', 'owner@example.org'), /has this channel already/)
    const forbidden = await query(siteId, 'channels { target }', 'reader')
    assert.deepEqual([forbidden.status, forbidden.errors[0]?.extensions.code], [403, 'FORBIDDEN'])
    const remove = () => mutate('channelRemove', { channelId }, 'wasThere')
    assert.equal((await remove()).data.channelRemove.wasThere, true)
    await refused(remove(), /no such channel/)
  })

  test('an address that must not be notified is refused with what to do', async () => {
    const siteId = await addSite('targets')
    const add = (kind: string, target: string, site = siteId) =>
      mutate('channelAdd', { siteId: site, kind, target }, 'channel { target }')
    for (const target of [
      'nobody',
      'a@example.org, b@example.org',
      'a@example.org\nBcc: b@example.org',
      '',
    ]) {
      await refused(add('EMAIL', target), /one e-mail address/)
    }
    for (const target of [
      'http://127.0.0.1/',
      'https://[::1]/hook',
      'https://localhost/',
      'https://2130706433/',
    ]) {
      await refused(add('WEBHOOK', target), /private address/)
    }
    await refused(add('WEBHOOK', 'http://hooks.example/'), /must use https/)
    for (const target of [
      'ftp://hooks.example/',
      'https://user:secret@hooks.example/',
      'no URL',
      `https://a.example/${'x'.repeat(3000)}`,
    ]) {
      await refused(add('WEBHOOK', target), /URL of the webhook/)
    }
    const inside = await addSite('inside', true)
    assert.equal((await add('WEBHOOK', 'http://127.0.0.1:9/', inside)).status, 200)
  })
})

function rounded(budgets: readonly { readonly left: number }[]): object[] {
  return budgets.map((each) => ({ ...each, left: Number(each.left.toFixed(6)) }))
}
