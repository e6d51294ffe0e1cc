import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { findTarget, type OwnScript, type Page } from './find-target.ts'

const target = {
  site: 'abcdefgh01234567',
  post: '12',
  server: 'https://press.example',
  consent: 'required',
  sampling: 1,
}
const snippet: OwnScript = { src: 'https://press.example:4600/v1/rum.js', dataset: { site: target.site } }

suite('findTarget', () => {
  test("prefers the loader's configuration to that of the element", () => {
    const page = {
      ...pageWith(JSON.stringify({ ...target, post: 'element' })),
      peerpress: { config: target },
    }
    assert.deepEqual(findTarget(page as unknown as Page, snippet), target)
  })

  test('reads the configuration element if there is no loader', () => {
    assert.deepEqual(findTarget(pageWith(JSON.stringify(target)), null), target)
  })

  test("uses the script's attributes as the configuration, and its origin as the server", () => {
    assert.deepEqual(findTarget(pageWith(null), snippet), {
      site: target.site,
      post: null,
      server: 'https://press.example:4600',
      consent: 'required',
      sampling: 1,
    })
  })

  test('measures the share that the page configures, and everything by default', () => {
    const samplingOf = (sampling: unknown) =>
      findTarget(pageWith(JSON.stringify({ ...target, sampling })), null)?.sampling
    assert.deepEqual([samplingOf(0.25), samplingOf(0), samplingOf(undefined)], [0.25, 0, 1])
    const script = { ...snippet, dataset: { ...snippet.dataset, sampling: '0.5' } }
    assert.equal(findTarget(pageWith(null), script)?.sampling, 0.5)
  })

  test('assumes consent only if the page says that it is assumed', () => {
    const consentOf = (consent: unknown) =>
      findTarget(pageWith(JSON.stringify({ ...target, consent })), null)?.consent
    assert.deepEqual([consentOf('assumed'), consentOf('required')], ['assumed', 'required'])
    assert.deepEqual([consentOf(undefined), consentOf('yes')], ['required', 'required'])
    const script = { ...snippet, dataset: { ...snippet.dataset, consent: 'assumed' } }
    assert.equal(findTarget(pageWith(null), script)?.consent, 'assumed')
  })

  test('measures a page that is not a post', () => {
    assert.deepEqual(findTarget(pageWith(JSON.stringify({ ...target, post: null })), null)?.post, null)
  })

  for (const [what, text] of Object.entries({
    'no JSON': '{',
    'JSON null': 'null',
    'no site': JSON.stringify({ ...target, site: undefined }),
    'an invalid site': JSON.stringify({ ...target, site: '../../etc' }),
    'neither a post nor null': JSON.stringify({ ...target, post: undefined }),
    'a server of another scheme': JSON.stringify({ ...target, server: 'javascript:alert(1)//' }),
    'an invalid share': JSON.stringify({ ...target, sampling: 2 }),
    'a share below the minimum': JSON.stringify({ ...target, sampling: 0.00001 }),
    'numbers for names': JSON.stringify({ site: 1, post: 2, server: 3 }),
  })) {
    test(`measures nothing when the element holds ${what}`, () => {
      assert.equal(findTarget(pageWith(text), null), null)
    })
  }

  test('measures nothing without a configuration', () => {
    assert.equal(findTarget(pageWith(null), null), null)
    assert.equal(findTarget(pageWith(null), { src: 'https://press.example/v1/rum.js', dataset: {} }), null)
  })
})

function pageWith(text: string | null): Page {
  const element = text === null ? null : ({ textContent: text } as HTMLElement)
  return { document: { getElementById: (id) => (id === 'peerpress-config' ? element : null) } }
}
