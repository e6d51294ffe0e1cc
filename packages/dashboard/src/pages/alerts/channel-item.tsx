import {
  ChannelDigestSetDocument,
  ChannelRemoveDocument,
  ChannelTestDocument,
  type SiteChannelsQuery,
} from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { channelLabels, momentText } from './labels.ts'

type ShownChannel = NonNullable<SiteChannelsQuery['site']>['channels'][number]

interface ChannelItemProps {
  readonly channel: ShownChannel
  readonly timeZone: string
  readonly onChange: () => void
}

/** A channel, what became of its last message, a test, and its removal. */
export function ChannelItem({ channel, timeZone, onChange }: ChannelItemProps) {
  const { channelId, kind, target, hasDigest, unsubscribedAt } = channel
  const send = useSendToGraph()
  const test = useSubmit(async () => {
    await send(ChannelTestDocument, { input: { channelId } })
    onChange()
  })
  const remove = useSubmit(async () => {
    await send(ChannelRemoveDocument, { input: { channelId } })
    onChange()
  })
  const digest = useSubmit(async () => {
    await send(ChannelDigestSetDocument, { input: { channelId, hasDigest: !hasDigest } })
    onChange()
  })
  const problem = test.problem ?? remove.problem ?? digest.problem
  return (
    <div class="channel">
      <p>
        <strong>{channelLabels[kind]}</strong> <span class="target">{target}</span>
      </p>
      <p class="hint" role="status">
        {hasDigest && 'Gets the weekly digest. '}
        {stateText(channel, timeZone)}
      </p>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="channel-actions">
        {unsubscribedAt === null && (
          <form onSubmit={test.submit}>
            <button disabled={test.isBusy} aria-label={`Send a test message to ${target}`}>
              Send a test message
            </button>
          </form>
        )}
        {kind === 'EMAIL' && unsubscribedAt === null && (
          <form onSubmit={digest.submit}>
            <button
              disabled={digest.isBusy}
              aria-label={`${hasDigest ? 'Stop' : 'Send'} the weekly digest to ${target}`}
            >
              {hasDigest ? 'Stop the weekly digest' : 'Send the weekly digest'}
            </button>
          </form>
        )}
        <form onSubmit={remove.submit}>
          <button disabled={remove.isBusy} aria-label={`Remove ${target}`}>
            Remove
          </button>
        </form>
      </div>
    </div>
  )
}

function stateText({ unsubscribedAt, state: { last, pending } }: ShownChannel, timeZone: string): string {
  const at = (time: string) => momentText(time, timeZone)
  if (unsubscribedAt !== null) {
    return `Unsubscribed on ${at(unsubscribedAt)} by its receiver, who can subscribe again by the link in any message.`
  }
  if (last === null) return 'Nothing was sent yet.'
  const name = last.type === 'TEST' ? 'The test message' : 'The last message'
  if (last.sentAt !== null) return `${name} was sent on ${at(last.sentAt)}.`
  if (!last.isPending) return `${name} was not sent: ${last.error ?? 'it was given up.'}`
  const others = pending > 1 ? ` ${pending - 1} earlier ones wait, too.` : ''
  return last.error === null
    ? `${name} is being sent.${others}`
    : `${name} could not be sent yet and is tried again. ${last.error}${others}`
}
