import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { INPAttribution, LCPAttribution } from 'web-vitals/attribution'
import { clsReasons, inpReasons, lcpReasons } from './attribution.ts'

const picture = 'https://blog.example/hero.jpg'
const told = {
  target: 'main>img',
  url: `${picture}?width=900#x`,
  timeToFirstByte: 100,
  resourceLoadDelay: 50,
  resourceLoadDuration: 300,
  elementRenderDelay: 20,
  navigationEntry: {},
  lcpResourceEntry: {},
} as LCPAttribution
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
const without = (...names: (keyof LCPAttribution)[]): LCPAttribution =>
  Object.fromEntries(Object.entries(told).filter(([name]) => !names.includes(name as 'url'))) as never

suite('what vitals are due to', () => {
  test('LCP: the element, its picture without query, and the four parts', () => {
    assert.deepEqual(lcpReasons(told), { target: 'main>img', url: picture, ...parts })
  })

  test('LCP of text has no resource to load, which is not a resource loaded in 0 ms', () => {
    assert.deepEqual(lcpReasons(without('url', 'lcpResourceEntry')), {
      ...lcpReasons(told),
      url: null,
      resourceLoadDelay: null,
      resourceLoadDuration: null,
    })
  })

  test('LCP of a picture whose load was not seen tells the first byte only', () => {
    assert.deepEqual(lcpReasons(without('lcpResourceEntry')), {
      ...none,
      target: 'main>img',
      url: picture,
      timeToFirstByte: 100,
    })
  })

  test('LCP after a return from the back/forward cache has no parts', () => {
    assert.deepEqual(lcpReasons(without('navigationEntry', 'url', 'target', 'lcpResourceEntry')), {
      ...none,
      target: null,
      url: null,
    })
  })

  test('inline data and addresses too long are left out, selectors are cut', () => {
    assert.equal(lcpReasons({ ...told, url: 'data:image/png;base64,AAAA' }).url, null)
    assert.equal(lcpReasons({ ...told, url: `${picture}${'a'.repeat(2048)}` }).url, null)
    assert.equal(lcpReasons({ ...told, target: `a\u0000b\ud800${'c'.repeat(300)}` }).target?.length, 200)
    assert.equal(clsReasons({ largestShiftTarget: '' }).target, null)
    assert.equal(clsReasons({ largestShiftTarget: 'aside' }).target, 'aside')
    assert.equal(clsReasons({}).target, null)
  })

  test('INP: the element and the three phases; a phase that cannot be is none', () => {
    const phases = { inputDelay: 0, processingDuration: 12, presentationDelay: -1 }
    assert.deepEqual(inpReasons({ ...phases, interactionTarget: 'button' } as INPAttribution), {
      target: 'button',
      inputDelay: 0,
      processingDuration: 12,
      presentationDelay: null,
    })
  })
})
