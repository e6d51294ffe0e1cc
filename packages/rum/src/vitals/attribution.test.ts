import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { clsReasons, inpReasons, type LargestContent, lcpReasons } from './attribution.ts'

const picture = 'https://blog.example/hero.jpg'
const told: LargestContent = {
  value: 470,
  target: 'main>img',
  url: `${picture}?width=900#x`,
  navigation: { start: 0, responseStart: 100 },
  resource: { startTime: 140, requestStart: 150, responseEnd: 450 },
}
const parts = {
  timeToFirstByte: 100,
  resourceLoadDelay: 50,
  resourceLoadDuration: 300,
  elementRenderDelay: 20,
}
const none = {
  timeToFirstByte: null,
  resourceLoadDelay: null,
  resourceLoadDuration: null,
  elementRenderDelay: null,
}

suite('attribution of vitals', () => {
  test('LCP: the element, its picture without query, and the four parts', () => {
    assert.deepEqual(lcpReasons(told), { target: 'main>img', url: picture, ...parts })
  })

  test('LCP of a prerendered page is measured from its activation', () => {
    const navigation = { start: 200, responseStart: 100 }
    assert.deepEqual(lcpReasons({ ...told, value: 270, navigation }), {
      ...lcpReasons(told),
      timeToFirstByte: 0,
      resourceLoadDelay: 0,
      resourceLoadDuration: 250,
    })
  })

  test('LCP of an origin that hides its timing is measured from the start of the load', () => {
    const resource = { startTime: 140, requestStart: 0, responseEnd: 450 }
    assert.equal(lcpReasons({ ...told, resource }).resourceLoadDelay, 40)
  })

  test('LCP from the first frame of a video that continues to load ends with that frame', () => {
    const resource = { startTime: 140, requestStart: 150, responseEnd: 9000 }
    const reasons = lcpReasons({ ...told, resource })
    assert.deepEqual([reasons.resourceLoadDuration, reasons.elementRenderDelay], [320, 0])
  })

  test('LCP of text has no resource, which differs from a resource that loaded in 0 ms', () => {
    assert.deepEqual(lcpReasons({ ...told, url: '', resource: undefined }), {
      ...lcpReasons(told),
      url: null,
      resourceLoadDelay: null,
      resourceLoadDuration: null,
      elementRenderDelay: 370,
    })
  })

  test('LCP of a picture whose load was not observed has the first byte only', () => {
    assert.deepEqual(lcpReasons({ ...told, resource: undefined }), {
      ...none,
      target: 'main>img',
      url: picture,
      timeToFirstByte: 100,
    })
  })

  test('LCP after a return from the back/forward cache has no parts', () => {
    const back = { value: 16, target: undefined, url: '', navigation: null, resource: undefined }
    assert.deepEqual(lcpReasons(back), { ...none, target: null, url: null })
  })

  test('inline data and overlong addresses are dropped, selectors are cut', () => {
    assert.equal(lcpReasons({ ...told, url: 'data:image/png;base64,AAAA' }).url, null)
    assert.equal(lcpReasons({ ...told, url: `${picture}${'a'.repeat(2048)}` }).url, null)
    assert.equal(lcpReasons({ ...told, target: `a\u0000b\ud800${'c'.repeat(300)}` }).target?.length, 200)
    assert.equal(clsReasons('').target, null)
    assert.equal(clsReasons('aside').target, 'aside')
    assert.equal(clsReasons(undefined).target, null)
  })

  test('INP: the element and the three phases, whose sum it is', () => {
    const event = { startTime: 1000, duration: 48 }
    assert.deepEqual(inpReasons(48, 'button', { event, frame: { start: 1004, end: 1025 } }), {
      target: 'button',
      inputDelay: 4,
      processingDuration: 21,
      presentationDelay: 23,
    })
  })

  test('INP: work before the input or after the paint makes no phase negative', () => {
    const event = { startTime: 1000, duration: 48 }
    assert.deepEqual(inpReasons(48, 'button', { event, frame: { start: 900, end: 3000 } }), {
      target: 'button',
      inputDelay: 0,
      processingDuration: 48,
      presentationDelay: 0,
    })
  })

  test('INP without a reported event has its total only', () => {
    assert.deepEqual(inpReasons(8, undefined), {
      target: null,
      inputDelay: 0,
      processingDuration: 0,
      presentationDelay: 8,
    })
  })
})
