import { type ComponentChildren, createContext } from 'preact'
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks'
import { usePlace } from '../navigation/use-place.ts'
import { type Account, readAccount, signOut } from './account.ts'
import { keepOperatorToken, readOperatorToken } from './operator-token.ts'

/** The dashboard's session: its credentials, its account, and functions that change them. */
export interface Session {
  /** The operator token that was entered in this tab; null: none, a session's cookie may be there. */
  readonly token: string | null
  /** null until the server has answered. */
  readonly account: Account | null
  /** Uses an operator token from now on. */
  readonly enterToken: (token: string) => void
  /** Reads again who is signed in. */
  readonly reload: () => void
  /** Ends the session, and asks to sign in. */
  readonly leave: () => Promise<void>
  /** Asks to sign in, because the server refused a query. The reader comes back to this page. */
  readonly requireSignIn: () => void
}

const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('There is no session outside SessionProvider.')
  return session
}

export function SessionProvider({ children }: { readonly children: ComponentChildren }) {
  const [token, setToken] = useState(readOperatorToken)
  const [account, setAccount] = useState<Account | null>(null)
  const [asked, setAsked] = useState(0)
  const { place, path, query, go } = usePlace()

  useEffect(() => {
    const controller = new AbortController()
    const take = (answer: Account) => !controller.signal.aborted && setAccount(answer)
    // A query that is refused asks to sign in, so nothing is lost without an answer.
    readAccount(controller.signal).then(take, () =>
      take({ principal: null, firstStart: false, provider: null }),
    )
    return () => controller.abort()
  }, [token, asked])

  const changeToken = useCallback((changed: string | null) => {
    keepOperatorToken(changed)
    setToken(changed)
  }, [])
  const requireSignIn = () => {
    if (place.kind === 'sign-in' || place.kind === 'welcome') return
    if (token !== null) changeToken(null)
    const search = query.toString()
    const to = search === '' ? path : `${path}?${search}`
    go(to === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ to })}`, { replace: true })
  }
  const leave = async () => {
    const hasSession = account?.principal?.email != null
    if (token !== null) changeToken(null)
    else if (hasSession) await signOut()
    // The page to sign in shows the ways that the server has.
    setAsked((count) => count + 1)
    go('/sign-in')
  }
  const session = useMemo<Session>(
    () => ({
      token,
      account,
      enterToken: changeToken,
      reload: () => setAsked((count) => count + 1),
      leave,
      requireSignIn,
    }),
    [token, account, path, query.toString()],
  )
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>
}
