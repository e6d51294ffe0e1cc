import { useState } from 'preact/hooks'
import { sharedMessages } from '../messages/shared-messages.ts'

const texts = sharedMessages.copyButton

interface CopyButtonProps {
  /** Names what is copied, such as `the snippet`. */
  readonly what: string
  readonly text: string
}

/** Copies a text. Browsers permit that on secure pages alone: elsewhere there is no button, and the text can be selected. */
export function CopyButton({ what, text }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle')
  if (!('clipboard' in navigator)) return null
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('refused'),
    )
  }
  return (
    <p class="copy">
      <button type="button" class="quiet" aria-label={texts.copyWhat(what)} onClick={copy}>
        {texts.copy}
      </button>{' '}
      <span role="status">{state === 'idle' ? '' : texts[state]}</span>
    </p>
  )
}
