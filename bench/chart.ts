/** One line of a chart. */
export interface Line {
  readonly name: string
  readonly colour: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** One pair of axes. */
export interface Panel {
  readonly title: string
  readonly x: string
  readonly y: string
  readonly lines: readonly Line[]
}

const width = 420
const perRow = 3
const height = 300
const margin = { left: 60, right: 20, top: 40, bottom: 50 }

/** Panels side by side, three in a row, as one SVG. Axes begin at 0. */
export function chart(panels: readonly Panel[]): string {
  const rows = Math.ceil(panels.length / perRow)
  const drawn = panels.map((panel, i) => {
    const shift = `translate(${(i % perRow) * width} ${Math.floor(i / perRow) * height})`
    return `<g transform="${shift}">${draw(panel)}</g>`
  })
  const [w, h] = [perRow * width, rows * height]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" font-family="sans-serif" font-size="11">`,
    `<rect width="${w}" height="${h}" fill="#fff"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n')
}

function draw({ title, x, y, lines }: Panel): string {
  const points = lines.flatMap((line) => line.points)
  const maxX = Math.max(...points.map(([at]) => at)) || 1
  const maxY = Math.max(...points.map(([, value]) => value)) || 1
  const right = width - margin.right
  const bottom = height - margin.bottom
  const toX = (value: number): number => margin.left + (value / maxX) * (right - margin.left)
  const toY = (value: number): number => bottom - (value / maxY) * (bottom - margin.top)
  const parts = [
    `<text x="${margin.left}" y="18" font-weight="bold">${title}</text>`,
    `<path d="M${margin.left} ${margin.top}V${bottom}H${right}" fill="none" stroke="#555"/>`,
    `<text x="${(margin.left + right) / 2}" y="${height - 12}" text-anchor="middle">${x}</text>`,
    `<text transform="translate(14 ${(margin.top + bottom) / 2}) rotate(-90)" text-anchor="middle">${y}</text>`,
  ]
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const [atX, atY] = [share * maxX, share * maxY]
    parts.push(
      `<text x="${toX(atX)}" y="${bottom + 16}" text-anchor="middle">${label(atX)}</text>`,
      `<text x="${margin.left - 6}" y="${toY(atY) + 4}" text-anchor="end">${label(atY)}</text>`,
    )
  }
  for (const [i, line] of lines.entries()) {
    const path = line.points.map(([at, value]) => `${toX(at).toFixed(1)},${toY(value).toFixed(1)}`).join(' ')
    const nameX = margin.left + 10 + i * 130
    parts.push(
      `<polyline points="${path}" fill="none" stroke="${line.colour}" stroke-width="2"/>`,
      `<text x="${nameX}" y="34" fill="${line.colour}">${line.name}</text>`,
    )
  }
  return parts.join('\n')
}

function label(value: number): string {
  return String(Number(value.toPrecision(3)))
}
