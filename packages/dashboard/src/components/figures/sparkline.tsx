const width = 120
const height = 28

/** The course of a figure, as a decoration: the charts have its values. A missing value is a gap. */
export function Sparkline({ values }: { readonly values: readonly (number | null)[] }) {
  const known = values.filter((value) => value !== null)
  if (known.length < 2) return null
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const x = (i: number) => 2 + (i / Math.max(1, values.length - 1)) * (width - 4)
  const y = (value: number) =>
    high === low ? height / 2 : height - 3 - ((value - low) / (high - low)) * (height - 6)
  let isOpen = false
  const path = values.map((value, i) => {
    const move = isOpen ? 'L' : 'M'
    isOpen = value !== null
    return value === null ? '' : `${move}${x(i).toFixed(1)} ${y(value).toFixed(1)}`
  })
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" preserveAspectRatio="none">
      <path d={path.join('')} vector-effect="non-scaling-stroke" />
    </svg>
  )
}
