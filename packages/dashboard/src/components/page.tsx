import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { messages } from '../messages/messages.ts'
import { basePath } from '../navigation/base-path.ts'
import { hrefOf } from '../navigation/use-place.ts'
import { SignOut } from './sign-out.tsx'

/** The id of the main part, which links skip to. */
export const mainId = 'main'

interface PageProps {
  /** What the page is about. It heads the page, and it is in the window's title. */
  readonly title: string
  /** The site that the page is about, in the window's title. @default none */
  readonly of?: string
  /** Beside the brand, such as the choice of a site. */
  readonly banner?: ComponentChildren
  /** Below the banner: links to a site's pages. */
  readonly navigation?: ComponentChildren
  /** Beside the heading, such as the choice of a range. */
  readonly controls?: ComponentChildren
  readonly children: ComponentChildren
}

/** The frame around everything: banner, navigation, heading, main part. */
export function Page({ title, of, banner, navigation, controls, children }: PageProps) {
  useEffect(() => {
    document.title = [title, of, messages.frame.brand].filter((part) => part !== undefined).join(' · ')
  }, [title, of])
  return (
    <>
      <a class="skip" href={`#${mainId}`}>
        {messages.frame.skip}
      </a>
      <header class="banner">
        <div class="banner-inside">
          <a class="brand" href={hrefOf('/')} aria-label={messages.frame.home}>
            <img src={`${basePath}icon.svg`} alt="" width="24" height="24" />
            {messages.frame.brand}
          </a>
          {banner}
          <SignOut />
        </div>
        {navigation}
      </header>
      <main id={mainId} tabIndex={-1}>
        <div class="page-head">
          <h1>{title}</h1>
          {controls}
        </div>
        {children}
      </main>
    </>
  )
}
