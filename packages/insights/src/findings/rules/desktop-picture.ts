import { figureText } from '../figure.ts'
import type { Finding, Rule, SiteFacts } from '../finding.ts'

/** Views of phones, and of desktops, that have the same file as their largest element. */
const minSamples = 100
const minDesktop = 30
/**
 * bytes. A phone shows at most 412 × 2 pixels in width, the screen that Lighthouse assumes; a photograph of that width takes less as
 * WebP or AVIF (https://developer.chrome.com/docs/lighthouse/performance/uses-responsive-images).
 */
const maxSize = 100_000

/** A picture of which phones get the file that desktops get. */
export const desktopPicture = {
  name: 'desktop-picture',
  title: 'Phones get a picture in desktop size',
  description: 'Phones load the same large file of a picture as desktops.',
  find: ({ phonePictures, postUrls }: SiteFacts) =>
    phonePictures.flatMap(({ url, size, post, phoneViews, desktopViews, lcp }): Finding[] => {
      if (phoneViews < minSamples || desktopViews < minDesktop || size <= maxSize) return []
      const effect = 1 - maxSize / size
      return [
        {
          subject: url,
          effect,
          score: effect * phoneViews,
          content: {
            sentence: `Phones get the picture ${url.slice(url.lastIndexOf('/') + 1) || url} in desktop size: the same file of ${figureText(size, 'bytes')} is the largest element of ${phoneViews} views on phones and of ${desktopViews} on desktops${lcp === null ? '' : `; LCP on these phones is ${figureText(lcp, 'ms')} (75th percentile)`}.`,
            action: `Give the picture several widths (srcset and sizes), so that phones load one below ${figureText(maxSize, 'bytes')}. WordPress does so for pictures that are inserted from its media library.`,
            link: postUrls.get(post) ?? url,
            samples: phoneViews,
            minSamples,
            figures: [{ name: 'Weight', unit: 'bytes', value: size, comparedWith: maxSize }],
            reasons: [],
            country: null,
            post,
          },
        },
      ]
    }),
} as const satisfies Rule
