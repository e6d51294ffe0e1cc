/** A chart as an SVG file. */
export interface ChartPicture {
  readonly svg: string
  /** CSS pixels */
  readonly width: number
  readonly height: number
}

/** Replaces `var(--name)` by the theme's colours, which a file on its own does not have. */
export function resolveColours(svg: string): string {
  const style = getComputedStyle(document.documentElement)
  return svg.replaceAll(/var\((--[a-z0-9-]+)\)/g, (_match, name: string) =>
    style.getPropertyValue(name).trim(),
  )
}

/** Draws a picture with two dots for each CSS pixel. @throws {Error} with a message for people */
export async function pngOf({ svg, width, height }: ChartPicture): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = width * 2
  canvas.height = height * 2
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('This browser cannot draw the picture. Save it as SVG.'))
      else resolve(blob)
    }, 'image/png')
  })
}
