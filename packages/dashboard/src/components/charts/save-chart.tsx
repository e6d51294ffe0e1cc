import { messages } from '../../messages/messages.ts'
import { useChange } from '../../session/use-change.ts'
import { fileName, saveFile } from '../save-file.ts'
import { type ChartPicture, pngOf, resolveColours } from './chart-picture.ts'

interface SaveChartProps {
  readonly title: string
  /** Draws the chart for a file. Its colours may be `var(--name)`. */
  readonly draw: () => ChartPicture | null
}

/** Saves a chart as PNG and SVG. */
export function SaveChart({ title, draw }: SaveChartProps) {
  const { make, problem, isBusy } = useChange()
  const save = (ending: 'png' | 'svg') =>
    make(async () => {
      const drawn = draw()
      if (drawn === null) return
      const picture = { ...drawn, svg: resolveColours(drawn.svg) }
      const content =
        ending === 'svg' ? new Blob([picture.svg], { type: 'image/svg+xml' }) : await pngOf(picture)
      saveFile(fileName(title, ending), content)
    })
  const { charts } = messages
  return (
    <div class="save-chart" role="group" aria-label={charts.save}>
      <button
        type="button"
        class="quiet"
        disabled={isBusy}
        aria-label={charts.savePng(title)}
        onClick={() => save('png')}
      >
        {charts.png}
      </button>
      <button
        type="button"
        class="quiet"
        disabled={isBusy}
        aria-label={charts.saveSvg(title)}
        onClick={() => save('svg')}
      >
        {charts.svg}
      </button>
      {problem !== null && (
        <span class="bad" role="alert">
          {problem}
        </span>
      )}
    </div>
  )
}
