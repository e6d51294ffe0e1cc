import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type {
  CLSMetricWithAttribution,
  INPMetricWithAttribution,
  LCPMetricWithAttribution,
} from 'web-vitals/attribution'
import { measuredReader } from '../support/browser/measured-reader.ts'

/** What web-vitals' own bundle tells on the page. */
interface Told {
  readonly LCP: LCPMetricWithAttribution
  readonly CLS: CLSMetricWithAttribution
  readonly INP: INPMetricWithAttribution
  readonly FCP: { readonly value: number }
  readonly TTFB: { readonly value: number }
}

suite("the SDK's vitals in Chromium", { timeout: 120_000 }, () => {
  const reader = measuredReader()
  const { hide, settle } = reader

  test("are web-vitals' own, and so is what they are due to", async () => {
    const { page, blog, collector, errors } = reader
    await page.goto(blog.url('/compared'))
    await page.waitForFunction(() => (window as unknown as { told: Partial<Told> }).told.CLS?.value)
    await page.click('button')
    await settle()
    await page.waitForFunction(() => (window as unknown as { told: Partial<Told> }).told.INP)
    await hide()
    const { vitals, attribution } = await collector.received(
      'the view',
      ({ vitals: { inp } }) => inp !== null,
    )
    const { LCP, CLS, INP, FCP, TTFB } = await page.evaluate(() => {
      const { told } = window as unknown as { told: Told }
      const plain = (name: keyof Told) => JSON.parse(JSON.stringify(told[name])) as never
      // An entry of the browser's own has no text of its own.
      const { attribution: inp } = told.INP
      const { interactionTarget, inputDelay, processingDuration, presentationDelay } = inp
      return {
        LCP: plain('LCP'),
        CLS: plain('CLS'),
        INP: {
          value: told.INP.value,
          attribution: { interactionTarget, inputDelay, processingDuration, presentationDelay },
        },
        FCP: plain('FCP'),
        TTFB: plain('TTFB'),
      } as unknown as Told
    })
    assert.deepEqual(vitals, {
      lcp: LCP.value,
      inp: INP.value,
      cls: CLS.value,
      fcp: FCP.value,
      ttfb: TTFB.value,
    })
    assert.deepEqual(attribution?.lcp, {
      target: LCP.attribution.target,
      url: LCP.attribution.url?.replace(/\?.*/, ''),
      timeToFirstByte: LCP.attribution.timeToFirstByte,
      resourceLoadDelay: LCP.attribution.resourceLoadDelay,
      resourceLoadDuration: LCP.attribution.resourceLoadDuration,
      elementRenderDelay: LCP.attribution.elementRenderDelay,
    })
    assert.deepEqual(attribution?.inp, {
      target: INP.attribution.interactionTarget ?? null,
      inputDelay: INP.attribution.inputDelay,
      processingDuration: INP.attribution.processingDuration,
      presentationDelay: INP.attribution.presentationDelay,
    })
    // The listener of `mousedown` is no part of the interaction, but of what it waited for.
    assert.ok((attribution?.inp.processingDuration ?? 0) >= 299)
    assert.deepEqual(attribution?.cls, { target: CLS.attribution.largestShiftTarget })
    assert.deepEqual(errors, [])
  })
})
