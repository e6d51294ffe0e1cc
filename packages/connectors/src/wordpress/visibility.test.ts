import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Site } from '@peerpress/registry'
import { pageVisibility } from '../page-visibility.ts'
import type { RefusedPage, Visibility } from '../visibility.ts'
import { visibilityOf } from '../visibility-of.ts'
import { wordpressVisibility } from './visibility.ts'

const refused = (page: Partial<RefusedPage>): RefusedPage => ({
  refusal: 'denied',
  state: null,
  attempt: 0,
  isPublished: true,
  ...page,
})

describe('a refused page of a WordPress post', () => {
  const verdict = (page: Partial<RefusedPage>) => wordpressVisibility.onRefusal(refused(page))

  test('revokes a post that the plugin published after a lasting 404, and never after another refusal', () => {
    const stated = { state: 'published' } as const
    for (const attempt of [0, 7])
      assert.equal(verdict({ ...stated, refusal: 'not-found', attempt }), 'retry', `attempt ${attempt}`)
    assert.equal(verdict({ ...stated, refusal: 'not-found', attempt: 8 }), 'revoke')
    assert.equal(verdict({ ...stated, refusal: 'denied', attempt: 20 }), 'retry')
    assert.equal(verdict({ ...stated, refusal: 'gone' }), 'revoke')
  })

  test('revokes a post of which the plugin never reported anything', () => {
    assert.equal(verdict({ refusal: 'denied' }), 'revoke')
  })
})

describe('a refused page that only its URL names', () => {
  const verdict = (page: Partial<RefusedPage>) => pageVisibility.onRefusal(refused(page))

  test('never revokes a published post while a firewall or a login may be the reason', () => {
    assert.equal(verdict({ refusal: 'denied', attempt: 20 }), 'retry')
  })

  test('revokes it when the site reports it as gone, or after a lasting 404', () => {
    assert.equal(verdict({ refusal: 'gone' }), 'revoke')
    assert.equal(verdict({ refusal: 'not-found', attempt: 0 }), 'retry')
    assert.equal(verdict({ refusal: 'not-found', attempt: 8 }), 'revoke')
  })

  test('is requested again when it may not be deployed yet, and not when it never was public', () => {
    assert.equal(verdict({ isPublished: false, refusal: 'not-found' }), 'retry')
    assert.equal(verdict({ isPublished: false, refusal: 'denied' }), 'revoke')
    assert.equal(verdict({ isPublished: false, refusal: 'denied', state: 'published' }), 'retry')
  })
})

test('the page itself takes a post out that no event reports, and a WordPress page after a restore only', async () => {
  const site = { id: 'aaaaaaaaaaaaaaaa' } as Site
  const offer = { site: site.id, post: null, mode: 'full' }
  const disowned = (rules: Visibility, isUnread: boolean) =>
    rules.isDisowned(offer, { site, isUnread: () => Promise.resolve(isUnread) })
  assert.equal(await disowned(pageVisibility, false), true)
  assert.equal(await disowned(wordpressVisibility, false), false)
  assert.equal(await disowned(wordpressVisibility, true), true)
  const foreign = { ...offer, site: 'bbbbbbbbbbbbbbbb' }
  assert.equal(
    await pageVisibility.isDisowned(foreign, { site, isUnread: () => Promise.resolve(true) }),
    false,
  )
})

test('the rules of a post follow from its id', () => {
  assert.equal(visibilityOf('12'), wordpressVisibility)
  assert.equal(visibilityOf('u~0123456789012345678901'), pageVisibility)
})
