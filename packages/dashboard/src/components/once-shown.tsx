interface OnceShownProps {
  /** Such as `The link for ada@example.org`. */
  readonly label: string
  readonly text: string
  /** What to do with it. */
  readonly hint: string
}

/** A secret that the server shows once: it can be selected and copied. */
export function OnceShown({ label, text, hint }: OnceShownProps) {
  return (
    <div class="once-shown" role="status">
      <p>
        <strong>{label}</strong>
      </p>
      <pre>
        <code>{text}</code>
      </pre>
      <p class="hint">{hint}</p>
    </div>
  )
}
