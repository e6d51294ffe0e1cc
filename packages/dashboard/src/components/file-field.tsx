import { useId } from 'preact/hooks'
import { sharedMessages } from '../messages/shared-messages.ts'

const texts = sharedMessages.fileField

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
  if (file === undefined) throw new Error(texts.chooseFile)
  if (file.size > maxSize) {
    throw new Error(texts.isLargerThanKib(file.name, Math.floor(maxSize / 1024)))
  }
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => {
      const url = typeof reader.result === 'string' ? reader.result : ''
      resolve(url.slice(url.indexOf(',') + 1))
    })
    reader.addEventListener('error', () => reject(new Error(texts.cannotBeReadChoose(file.name))))
    reader.readAsDataURL(file)
  })
}
