import { useId } from 'preact/hooks'

interface FileFieldProps {
  readonly label: string
  /** Endings of the files that can be chosen, such as `.zip,.csv`. */
  readonly accept: string
  readonly field: { current: HTMLInputElement | null }
}

/** A labelled choice of a file. */
export function FileField({ label, accept, field }: FileFieldProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} ref={field} type="file" accept={accept} required />
    </div>
  )
}

/**
 * Returns the chosen file in base64.
 * @param maxSize bytes
 * @throws {Error} with a message for the reader
 */
export async function base64Of(input: HTMLInputElement | null, maxSize: number): Promise<string> {
  const file = input?.files?.[0]
  if (file === undefined) throw new Error('Choose a file.')
  if (file.size > maxSize) {
    throw new Error(`${file.name} is larger than ${Math.floor(maxSize / 1024)} KiB. Choose a smaller file.`)
  }
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => {
      const url = typeof reader.result === 'string' ? reader.result : ''
      resolve(url.slice(url.indexOf(',') + 1))
    })
    reader.addEventListener('error', () => reject(new Error(`${file.name} cannot be read. Choose it again.`)))
    reader.readAsDataURL(file)
  })
}
