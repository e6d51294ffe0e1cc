import { encodePageScripts, type PageConfig } from '@peerpress/wire'

/** The elements that a connected CMS adds after the contents of a post. */
export interface Assistance {
  readonly config: PageConfig
  /** URL of the loader. */
  readonly loader: string
}

/** The sample post: pictures of which two are above the fold, a video, and PeerPress, unless it is left out. */
export function samplePage(options: {
  readonly assistance: Assistance | null
  readonly pictures: readonly string[]
  readonly video: string
}): string {
  const { assistance, pictures, video } = options
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Ten imagined places</title>
<style>
:root { color-scheme: light dark; font: 1.1rem/1.6 Georgia, serif; }
body { margin: 0 auto; max-width: 46rem; padding: 1rem; }
img, video { display: block; width: 100%; height: auto; border-radius: 6px; margin: 2rem 0 .5rem; }
figure { margin: 0; } figcaption { font-size: .85rem; opacity: .75; }
</style>
</head>
<body>
<article>
<h1>Ten imagined places</h1>
<p>A post with ten pictures and a short film. Open it in two browsers, scroll down in both, and watch the second take
its pictures from the first.</p>
${pictures.map(figure).join('\n')}
<figure><video src="${video}" controls muted playsinline preload="none" width="1280" height="720"></video>
<figcaption>An eleventh place, moving.</figcaption></figure>
<p>All pictures and the film were computed for PeerPress and are in the public domain (CC0).</p>
</article>
${assistance === null ? '' : encodePageScripts(assistance)}</body>
</html>
`
}

function figure(url: string, index: number): string {
  const loading = index < 2 ? 'eager' : 'lazy'
  return `<figure><img src="${url}" alt="Place ${index + 1}" width="1600" height="1067" loading="${loading}">
<figcaption>Place ${index + 1}</figcaption></figure>
<p>Every picture below the first two is loaded when the reader comes near it, as a content management system does.</p>`
}
