import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { isChallenge, maxChallengeLength } from './challenge.ts'

const answer = (html: string | null, headers: Readonly<Record<string, string>> = {}) => ({
  html: html === null ? null : Buffer.from(html),
  header: (name: string) => headers[name] ?? null,
})

describe('a response of a firewall', () => {
  for (const [whose, signs] of [
    ['Cloudflare by its header', answer(null, { 'cf-mitigated': 'challenge' })],
    [
      'Cloudflare by its page',
      answer('<title>Just a moment...</title><script>window._cf_chl_opt={}</script>'),
    ],
    [
      'Sucuri',
      answer('<html><title>You are being redirected...</title><script>sucuri_cloudproxy_js</script>'),
    ],
    ['Sucuri refusing', answer('<title>Sucuri WebSite Firewall - Access Denied</title>')],
    ['Imperva', answer('<iframe id="main-iframe" src="/_Incapsula_Resource?SWUDNSAI=31"></iframe>')],
    ['SiteGround', answer('<meta http-equiv="refresh" content="0;/.well-known/sgcaptcha/?r=%2F">')],
    ['SiteGround by its header', answer(null, { 'sg-captcha': 'challenge' })],
    ['AWS', answer(null, { 'x-amzn-waf-action': 'challenge' })],
  ] as const) {
    test(`is recognized for ${whose}`, () => assert.equal(isChallenge(signs), true))
  }

  for (const [what, html] of [
    [
      'a page with the script that Cloudflare adds to ordinary ones',
      '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>',
    ],
    [
      'a page with the script that Imperva adds to ordinary ones',
      '<script src="/_Incapsula_Resource?SWJIYLWA=7"></script>',
    ],
    [
      'a long page that shows the source of one',
      `<pre>window._cf_chl_opt = {}</pre>${'<p>words</p>'.repeat(8000)}`,
    ],
    ['an ordinary page', '<title>A post</title><p>Just a moment...</p>'],
  ] as const) {
    test(`is not ${what}`, () => assert.equal(isChallenge(answer(html)), false))
  }

  test('is searched in one pass: incomplete frames would otherwise take minutes', () => {
    const html = '<iframe'.repeat(maxChallengeLength / 7)
    const look = () => {
      for (let times = 0; times < 300; times++) assert.equal(isChallenge(answer(html)), false)
    }
    runInNewContext('look()', { look }, { timeout: 60_000 })
  })
})
