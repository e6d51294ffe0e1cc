import {
  ChannelDigestSetDocument,
  ChannelRemoveDocument,
  ChannelTestDocument,
  type SiteChannelsQuery,
} from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { channelLabels, momentText } from './labels.ts'
import { alertsMessages } from '../../messages/alerts-messages.ts'

const texts = alertsMessages.channelItem

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
        {hasDigest && texts.getsWeeklyDigest}
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
            <button disabled={test.isBusy} aria-label={texts.sendTestMessageTo(target)}>
              {texts.sendTestMessage}
            </button>
          </form>
        )}
        {kind === 'EMAIL' && unsubscribedAt === null && (
          <form onSubmit={digest.submit}>
            <button
              disabled={digest.isBusy}
              aria-label={texts.weeklyDigest(hasDigest ? texts.stop : texts.send, target)}
            >
              {hasDigest ? texts.stopWeeklyDigest : texts.sendWeeklyDigest}
            </button>
          </form>
        )}
        <form onSubmit={remove.submit}>
          <button disabled={remove.isBusy} aria-label={texts.removeNamed(target)}>
            {texts.remove}
          </button>
        </form>
      </div>
    </div>
  )
}

function stateText({ unsubscribedAt, state: { last, pending } }: ShownChannel, timeZone: string): string {
  const at = (time: string) => momentText(time, timeZone)
  if (unsubscribedAt !== null) {
    return texts.unsubscribedOn(at(unsubscribedAt))
  }
  if (last === null) return texts.nothingWasSentYet
  const name = last.type === 'TEST' ? texts.testMessage : texts.lastMessage
  if (last.sentAt !== null) return texts.wasSent(name, at(last.sentAt))
  if (!last.isPending) return texts.wasNotSent(name, last.error ?? texts.itWasGivenUp)
  const others = pending > 1 ? texts.earlierOnesWaitToo(pending - 1) : ''
  return last.error === null
    ? texts.isBeingSent(name, others)
    : texts.couldNotBeSent(name, last.error, others)
}
