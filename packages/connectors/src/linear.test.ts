import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { countSteps, type StepCounter } from './steps.testing.ts'

const size = 2000

/** Checks that the work at most doubles with the length. A constant part may make the growth smaller. */
function assertLinear(steps: number, doubled: number): void {
  assert.ok(steps > size, `only ${steps} steps were counted`)
  assert.ok(doubled <= 2.2 * steps, `${steps} steps became ${doubled} when the text doubled`)
}

const sitemaps: Readonly<Record<string, (length: number) => string>> = {
  pages: (n) => '<urlset>' + '<url><loc>https://a.example/</loc></url>'.repeat(n),
  'values in pieces': (n) => `<urlset><url><loc>${'a&amp;<!-- -->'.repeat(n)}</loc></url>`,
  'elements that nothing ends': (n) => '<urlset>' + '<url>'.repeat(10) + '</url><loc>'.repeat(n),
  'ends of nothing': (n) => '<urlset><url>' + '</loc></a>'.repeat(n),
  'comments and instructions that do not end': (n) => '<urlset>' + '<!--<?<![CDATA['.repeat(n),
  'beginnings of tags and entities': (n) => '<urlset><url><loc>' + '&&#x&a<'.repeat(n),
  'one attribute again and again': (n) => `<urlset a="${'&amp;='.repeat(n)}`,
}

const pages: Readonly<Record<string, (length: number) => string>> = {
  'nested tags': (n) => '<body>' + '<div>'.repeat(n) + '</body>',
  'scripts of earlier runs': (n) => '<body>' + '<script data-peerpress="a">x</script>\n'.repeat(n),
  'ends of the body': (n) => '<body>' + '</body></html>'.repeat(n),
  'nested templates': (n) => '<template>'.repeat(n) + '</template>'.repeat(n),
  'drawings beside each other': (n) => '<svg><title/></svg><math></math>'.repeat(n),
  'drawings in drawings': (n) => '<svg><foreignObject><p>'.repeat(n),
  'attributes of one tag': (n) => `<body ${Array.from({ length: n }, (_, i) => `a${i}=b`).join(' ')}>`,
  'comments that do not end': (n) => '<!--'.repeat(n),
  'beginnings of tags and entities': (n) => '<body>' + '<</&&#x&a'.repeat(n),
  'almost ends of a script': (n) => `<script>${'</scrip<!--<script'.repeat(n)}`,
}

describe('work is proportional to the length of the text', { timeout: 120_000 }, () => {
  let counter: StepCounter
  let SitemapParser: typeof import('./sitemap/sitemap-parser.ts').SitemapParser
  let bareOf: typeof import('./static/assist-page.ts').bareOf

  before(async () => {
    counter = await countSteps(['/connectors/src/', '/htmlparser2/', '/entities/', '/parse5'])
    ;({ SitemapParser } = await import('./sitemap/sitemap-parser.ts'))
    ;({ bareOf } = await import('./static/assist-page.ts'))
  })
  after(() => counter.close())

  const stepsOfSitemap = (text: string) =>
    counter.count(async () => {
      const parser = new SitemapParser()
      try {
        for (let start = 0; start < text.length; start += 1000) parser.write(text.slice(start, start + 1000))
        parser.end()
      } catch {
        // A text that is refused ends the work.
      }
    })
  const stepsOfPage = (html: string) => counter.count(() => bareOf(Buffer.from(html)))

  for (const [name, sitemap] of Object.entries(sitemaps)) {
    test(`of a sitemap with ${name}`, async () => {
      await stepsOfSitemap(sitemap(size))
      assertLinear(await stepsOfSitemap(sitemap(size)), await stepsOfSitemap(sitemap(2 * size)))
    })
  }

  for (const [name, page] of Object.entries(pages)) {
    test(`of a built page with ${name}`, async () => {
      await stepsOfPage(page(size))
      assertLinear(await stepsOfPage(page(size)), await stepsOfPage(page(2 * size)))
    })
  }
})
