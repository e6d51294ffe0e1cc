import { useId, useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { SiteChannelsDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import { ChannelForm } from './channel-form.tsx'
import { ChannelItem } from './channel-item.tsx'
import { alertsMessages } from '../../messages/alerts-messages.ts'

const texts = alertsMessages.channels

/** Intervals between two loads, ms: while something is being sent, and else. */
const sendingEvery = 2000
const channelsEvery = 60_000

interface ChannelsProps {
  readonly siteId: string
  readonly timeZone: string
}

/** Where notifications go. */
export function Channels({ siteId, timeZone }: ChannelsProps) {
  const id = useId()
  const [isSending, setSending] = useState(false)
  const { data, error, reload } = useGraph(
    SiteChannelsDocument,
    { siteId },
    isSending ? sendingEvery : channelsEvery,
  )
  const site = data?.site ?? null
  const isPending = site?.channels.some(({ state }) => state.pending > 0) ?? false
  if (isPending !== isSending) setSending(isPending)
  return (
    <section class="panel fields" aria-labelledby={id}>
      <h2 id={id}>{texts.notifications}</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {site !== null && (
        <>
          <p class="hint">{site.channels.length === 0 ? texts.nobodyIsNotifiedYet : texts.eachOfTheseGets}</p>
          {site.channels.length > 0 && (
            <ul class="channels">
              {site.channels.map((channel) => (
                <li key={channel.channelId}>
                  <ChannelItem channel={channel} timeZone={timeZone} onChange={reload} />
                </li>
              ))}
            </ul>
          )}
          <ChannelForm siteId={siteId} kinds={site.channelKinds} onAdded={reload} />
        </>
      )}
    </section>
  )
}
