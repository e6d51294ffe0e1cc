<?php

namespace PeerPress;

/**
 * The events that the server must hear of, kept until it answered. An event's id never changes, so the server knows a
 * repeated one; whoever sends an event first claims it, so two cron runs never send one event at once.
 */
final class Outbox
{
    /** Seconds that a claim holds. Longer than a request may take, so it runs out only when its process died. */
    public const LEASE = 120;
    /** After about five days of tries an event is given up. */
    public const MAX_ATTEMPTS = 24;

    private const FIRST_DELAY = 30;
    private const LONGEST_DELAY = 6 * HOUR_IN_SECONDS;

    /** Name of the table of the current site. */
    public static function table(): string
    {
        global $wpdb;
        return $wpdb->prefix . 'peerpress_outbox';
    }

    /** Adds an event that is due at once; gives its row's id. */
    public static function add(string $type, int $post, string $url): int
    {
        global $wpdb;
        $wpdb->insert(self::table(), [
            'event_id' => self::newEventId(),
            'type' => $type,
            'post_id' => $post,
            'url' => $url,
            'created_at' => self::time(),
            'next_attempt_at' => self::time(),
        ]);
        return (int) $wpdb->insert_id;
    }

    /**
     * Puts an event in the place of one that nobody has tried to send yet; false when it is too late for that.
     *
     * @param array{0: string, 1: string}|null $event Type and address; null for none.
     */
    public static function replace(int $id, ?array $event): bool
    {
        global $wpdb;
        $untried = ['id' => $id, 'attempts' => 0];
        if (null === $event) {
            return 1 === $wpdb->delete(self::table(), $untried);
        }
        // The new id makes the row differ, so that the count of changed rows says whether it was still untried.
        $values = ['event_id' => self::newEventId(), 'type' => $event[0], 'url' => $event[1]];
        return 1 === $wpdb->update(self::table(), $values, $untried);
    }

    /**
     * The next due event, now claimed by this process; null when there is none. Events of one post go in their order.
     */
    public static function claim(): ?object
    {
        global $wpdb;
        $table = self::table();
        while (true) {
            $event = $wpdb->get_row($wpdb->prepare(
                'SELECT event.* ' . self::fromWaiting() . ' AND event.next_attempt_at <= %s
                ORDER BY event.next_attempt_at, event.id LIMIT 1',
                self::time()
            ));
            if (null === $event) {
                return null;
            }
            // Only one of two processes that read the same row finds it unchanged.
            $claimed = $wpdb->query($wpdb->prepare(
                "UPDATE $table SET attempts = attempts + 1, next_attempt_at = %s
                WHERE id = %d AND attempts = %d AND next_attempt_at = %s AND delivered_at IS NULL",
                self::time(self::LEASE),
                $event->id,
                $event->attempts,
                $event->next_attempt_at
            ));
            if (1 === $claimed) {
                $event->attempts = (int) $event->attempts + 1;
                return $event;
            }
        }
    }

    /** The server has it. */
    public static function delivered(object $event): void
    {
        global $wpdb;
        $outcome = ['delivered_at' => self::time(), 'next_attempt_at' => null, 'last_error' => null];
        $wpdb->update(self::table(), $outcome, ['id' => $event->id]);
    }

    /** The server did not take it: tried again later, each time after a longer pause. */
    public static function failed(object $event, string $error): void
    {
        global $wpdb;
        $givenUp = $event->attempts >= self::MAX_ATTEMPTS;
        $wpdb->update(
            self::table(),
            [
                'next_attempt_at' => $givenUp ? null : self::time(self::delay($event->attempts)),
                'last_error' => mb_substr($error, 0, 500),
            ],
            // A claim that ran out may have been taken over: its new owner decides.
            ['id' => $event->id, 'attempts' => $event->attempts]
        );
    }

    /** When the next event is due, in Unix time; null when nothing waits. */
    public static function nextAttemptAt(): ?int
    {
        global $wpdb;
        $next = $wpdb->get_var('SELECT MIN(event.next_attempt_at) ' . self::fromWaiting());
        return null === $next ? null : strtotime($next . ' UTC');
    }

    /** The address under which the server was told of a post; null when it was not told, or told that it is gone. */
    public static function announcedUrl(int $post): ?string
    {
        global $wpdb;
        $last = $wpdb->get_row($wpdb->prepare(
            'SELECT type, url FROM ' . self::table() . ' WHERE post_id = %d ORDER BY id DESC LIMIT 1',
            $post
        ));
        $isPublished = null !== $last && in_array($last->type, [PostEvents::PUBLISHED, PostEvents::UPDATED], true);
        return $isPublished ? $last->url : null;
    }

    /** Drops every event, sent or not. */
    public static function clear(): void
    {
        global $wpdb;
        $wpdb->query('DELETE FROM ' . self::table());
    }

    /** Drops delivered events after 30 days. The last one of each post stays: it says what the server knows. */
    public static function prune(): void
    {
        global $wpdb;
        $table = self::table();
        $wpdb->query($wpdb->prepare(
            "DELETE old FROM $table AS old INNER JOIN $table AS newer
            ON newer.post_id = old.post_id AND newer.id > old.id WHERE old.delivered_at < %s",
            self::time(-30 * DAY_IN_SECONDS)
        ));
    }

    /** What is not delivered or given up, without what comes after such an event of the same post. */
    private static function fromWaiting(): string
    {
        $table = self::table();
        return "FROM $table AS event WHERE event.delivered_at IS NULL AND event.next_attempt_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM $table AS earlier WHERE earlier.post_id = event.post_id
            AND earlier.id < event.id AND earlier.delivered_at IS NULL AND earlier.next_attempt_at IS NOT NULL)";
    }

    /** Seconds to wait after this many tries: doubled each time, the second half of it at random. */
    private static function delay(int $attempts): int
    {
        $delay = min(self::LONGEST_DELAY, self::FIRST_DELAY * 2 ** min($attempts - 1, 20));
        return random_int(intdiv($delay, 2), $delay);
    }

    private static function newEventId(): string
    {
        return 'evt_' . bin2hex(random_bytes(16));
    }

    private static function time(int $fromNow = 0): string
    {
        return gmdate('Y-m-d H:i:s', time() + $fromNow);
    }
}
