import { useId } from 'preact/hooks'

interface SignInProps {
  /** Whether the server refused the entered token. */
  readonly refused: boolean
  readonly onToken: (token: string) => void
}

/** The form for the operator's token. */
export function SignIn({ refused, onToken }: SignInProps) {
  const id = useId()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const token = new FormData(event.currentTarget as HTMLFormElement).get('token')
    if (typeof token === 'string' && token.trim() !== '') onToken(token.trim())
  }
  return (
    <form class="panel narrow" onSubmit={submit}>
      <h1>Sign in</h1>
      <p id={`${id}-hint`}>
        Reports on this server are for its operator. The token is in the file <code>operator-token</code> of
        the server’s data folder. It stays in this tab until you close it.
      </p>
      <label for={`${id}-token`}>Operator token</label>
      <input
        id={`${id}-token`}
        name="token"
        type="password"
        required
        autoComplete="current-password"
        spellcheck={false}
        aria-describedby={refused ? `${id}-hint ${id}-refused` : `${id}-hint`}
        aria-invalid={refused}
        autoFocus
      />
      {refused && (
        <p id={`${id}-refused`} class="bad" role="alert">
          The server did not accept this token. Copy all 64 characters of it.
        </p>
      )}
      <button type="submit">Show reports</button>
    </form>
  )
}
