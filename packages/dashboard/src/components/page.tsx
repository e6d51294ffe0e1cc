import type { ComponentChildren } from 'preact'

interface PageProps {
  readonly controls?: ComponentChildren
  /** null: not signed in. */
  readonly onSignOut: (() => void) | null
  readonly children: ComponentChildren
}

/** The frame around everything: banner, main part, footer. */
export function Page({ controls, onSignOut, children }: PageProps) {
  return (
    <>
      <a class="skip" href="#report">
        Skip to the report
      </a>
      <header class="banner">
        <div class="banner-inside">
          <p class="brand">
            <img src="icon.svg" alt="" width="24" height="24" />
            PeerPress
          </p>
          {controls}
          {onSignOut && (
            <button type="button" class="quiet sign-out" onClick={onSignOut}>
              Sign out
            </button>
          )}
        </div>
      </header>
      <main id="report" tabIndex={-1}>
        {children}
      </main>
    </>
  )
}
