/** This server's address for the plugin's settings. */
const server = new URL('.', document.baseURI).href.replace(/\/$/, '')

interface NoViewsProps {
  readonly siteId: string
  /** Such as `the last 24 hours`. */
  readonly during: string
}

/** Shown while no site is registered. */
export function NoSites() {
  return (
    <section class="panel narrow get-started">
      <h1>Connect your first site</h1>
      <p>There is no site on this server yet. Either way below takes a minute.</p>
      <h2>WordPress</h2>
      <ol>
        <li>Install and activate the PeerPress plugin.</li>
        <li>
          Under Settings → PeerPress enter this server’s address, <code>{server}</code>, choose how readers
          consent, and press Connect.
        </li>
        <li>
          Approve the connection here. Posts you publish from then on are delivered with the help of readers.
        </li>
      </ol>
      <h2>Any other site</h2>
      <p>
        On the server run{' '}
        <code>./peerpress site add https://your-site.example --consent assumed|notice|required</code> and put
        the snippet it prints into your pages. <code>notice</code> means that a notice informs readers first
        and they may decline, <code>required</code> that readers take part only after they agreed.
      </p>
    </section>
  )
}

/** Shown while a site has no views in the range. */
export function NoViews({ siteId, during }: NoViewsProps) {
  return (
    <section class="panel narrow get-started">
      <h1>No views in {during}</h1>
      <p>Choose a longer range above, or check that your pages report:</p>
      <ul>
        <li>
          On WordPress, open Settings → PeerPress: it says whether the site is connected. Then open a
          published post as a visitor, signed out.
        </li>
        <li>
          On any other site, put this into every page:
          <pre>
            <code>{`<script defer src="${server}/v1/rum.js" data-site="${siteId}"></script>`}</code>
          </pre>
        </li>
      </ul>
      <p>A view appears here a few seconds after its reader leaves the page or switches tabs.</p>
    </section>
  )
}
