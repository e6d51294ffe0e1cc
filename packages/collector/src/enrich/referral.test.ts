import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { openReferrerList, type ReferralOf } from './referral.ts'

const origins = ['https://blog.example', 'https://www.shop.example:8443']
const unmarked = { source: null, medium: null, name: null, term: null, content: null }

describe('the source of a view', () => {
  let referralOf: ReferralOf
  before(async () => {
    referralOf = await openReferrerList()
  })
  const of = (referrer: string | null, campaign: Partial<typeof unmarked> | Record<string, string> = {}) =>
    referralOf({ referrer, campaign: { ...unmarked, ...campaign } }, origins)
  const plain = { searchEngine: null, assistant: null }

  test('is direct without a referrer and campaign parameters', () => {
    assert.deepEqual(of(null), { class: 'direct', ...plain })
    assert.deepEqual(referralOf({ referrer: null, campaign: null }, origins), { class: 'direct', ...plain })
  })

  test('is another page of the site, on any of its origins, with or without www', () => {
    for (const host of ['blog.example', 'www.blog.example', 'shop.example', 'www.shop.example']) {
      assert.equal(of(host).class, 'internal', host)
    }
    for (const host of ['evilblog.example', 'blog.example.evil.test', 'cdn.blog.example']) {
      assert.equal(of(host).class, 'referral', host)
    }
  })

  test('is a search engine, by its name', () => {
    const engines = {
      'www.google.com': 'Google',
      'www.google.co.uk': 'Google',
      'www.bing.com': 'Bing',
      'duckduckgo.com': 'DuckDuckGo',
      'search.brave.com': 'Brave Search',
      'de.search.yahoo.com': 'Yahoo!',
      'www.baidu.com': 'Baidu',
      'yandex.ru': 'Yandex',
      'www.startpage.com': 'Startpage',
      'kagi.com': 'Kagi',
      'www.ecosia.org': 'Ecosia',
    }
    for (const [host, searchEngine] of Object.entries(engines)) {
      assert.deepEqual(of(host), { class: 'search', searchEngine, assistant: null }, host)
    }
  })

  test('is another service on a subdomain of a search engine', () => {
    for (const host of ['docs.google.com', 'sites.google.com', 'x.y.google.com', 'google.com.evil.test']) {
      assert.deepEqual(of(host), { class: 'referral', ...plain }, host)
    }
    assert.equal(of('mail.google.com').class, 'email')
  })

  test('is an assistant, by its name, from its page or its own parameter', () => {
    const chatGpt = { class: 'assistant', searchEngine: null, assistant: 'ChatGPT' }
    assert.deepEqual(of('chatgpt.com'), chatGpt)
    assert.deepEqual(of(null, { source: 'chatgpt.com' }), chatGpt)
    assert.deepEqual(of(null, { source: 'ChatGPT.com' }), chatGpt)
    assert.equal(of('www.perplexity.ai').assistant, 'Perplexity')
    assert.equal(of('gemini.google.com').assistant, 'Gemini')
    assert.equal(of('copilot.microsoft.com').assistant, 'Copilot')
    assert.equal(of('notchatgpt.com').class, 'referral')
  })

  test('is a social network, also by the hosts that its links pass', () => {
    for (const host of ['l.facebook.com', 't.co', 'out.reddit.com', 'news.ycombinator.com', 'bsky.app']) {
      assert.equal(of(host).class, 'social', host)
    }
  })

  test('is a campaign, whatever page contained the link', () => {
    assert.deepEqual(of(null, { medium: 'email' }), { class: 'campaign', ...plain })
    assert.deepEqual(of('www.google.com', { source: 'google', medium: 'cpc' }), {
      class: 'campaign',
      searchEngine: 'Google',
      assistant: null,
    })
    assert.equal(of('blog.example', { name: 'spring' }).class, 'campaign')
  })

  test('accepts every host and parameter', () => {
    for (const host of ['[::1]', 'localhost', 'constructor', '__proto__', '.', '..', '']) {
      assert.equal(of(host).class, 'referral', host)
      assert.equal(of(host, { source: host || '-' }).assistant, null, host)
    }
  })
})
