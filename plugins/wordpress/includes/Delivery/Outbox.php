<?php

namespace PeerPress\Delivery;

use PeerPress\Posts\PostEvents;

/**
 * The events that the server must receive. An event's id never changes, so that the server recognises a repeated event.
 * A process claims events before it sends them, so that two cron runs never send the same event at once.
 */
final class Outbox
{
    /** Seconds of a claim. A request never takes so long, so that only the claim of a dead process expires. */
    public const LEASE = 120;
    /** Failures after which an event is given up, about five days. */
    public const MAX_FAILURES = 24;

    /** Seconds after which a held event is due anyway. A save in several steps rarely takes longer. */
    private const HOLD = 10;
    private const LONGEST_DELAY = 6 * HOUR_IN_SECONDS;

    /** Returns the name of the current site's table. */
    public static function table(): string
    {
        global $wpdb;
        return $wpdb->prefix . 'peerpress_outbox';
    }

    /**
     * Adds an event and returns its row's id. The event is due at once, or held. A held event is due when `makeDue`
     * ends its hold at the end of the request, or after some seconds if the request never gets there.
     */
    public static function add(string $type, int $post, string $url, bool $isHeld = false): int
    {
        global $wpdb;
        $wpdb->insert(self::table(), [
            'event_id' => self::newEventId(),
            'type' => $type,
            'post_id' => $post,
            'url' => $url,
            'created_at' => self::time(),
            'next_attempt_at' => self::time($isHeld ? self::HOLD : 0),
        ]);
        return (int) $wpdb->insert_id;
    }

    /**
     * Replaces an event and holds the new one. Returns false if a delivery of the old event was attempted already.
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
        // The new id changes the row, so that the count of changed rows shows whether the event was unattempted.
        $values = ['event_id' => self::newEventId(), 'type' => $event[0], 'url' => $event[1]];
        $values['next_attempt_at'] = self::time(self::HOLD);
        return 1 === $wpdb->update(self::table(), $values, $untried);
    }

    /**
     * Ends the hold of these rows.
     *
     * @param int[] $ids
     */
    public static function makeDue(array $ids): void
    {
        global $wpdb;
        $table = self::table();
        $list = implode(',', array_map('intval', $ids));
        $wpdb->query($wpdb->prepare(
            "UPDATE $table SET next_attempt_at = %s WHERE id IN ($list) AND attempts = 0",
            self::time()
        ));
    }

    /**
     * Claims the next due events for this process and returns them, at most `$limit`. Events of one post are sent in
     * their order: at most one event of each post is claimed at a time.
     *
     * @return object[]
     */
    public static function claim(int $limit): array
    {
        global $wpdb;
        $table = self::table();
        while (true) {
            $ids = $wpdb->get_col($wpdb->prepare(
                'SELECT event.id ' . self::fromWaiting() . ' AND event.next_attempt_at <= %s
                ORDER BY event.next_attempt_at, event.id LIMIT %d',
                self::time(),
                $limit
            ));
            if ([] === $ids) {
                return [];
            }
            $list = implode(',', array_map('intval', $ids));
            $claim = bin2hex(random_bytes(16));
            // If two processes read the same rows, the second one finds that they are not due any more.
            $wpdb->query($wpdb->prepare(
                "UPDATE $table SET attempts = attempts + 1, next_attempt_at = %s, claim = %s
                WHERE id IN ($list) AND delivered_at IS NULL AND next_attempt_at <= %s",
                self::time(self::LEASE),
                $claim,
                self::time()
            ));
            $events = $wpdb->get_results(
                $wpdb->prepare("SELECT * FROM $table WHERE id IN ($list) AND claim = %s ORDER BY id", $claim)
            );
            if ([] !== $events) {
                return $events;
            }
        }
    }

    /**
     * Records that the server has accepted these events, in one statement.
     *
     * @param object[] $events
     */
    public static function delivered(array $events): void
    {
        global $wpdb;
        if ([] === $events) {
            return;
        }
        $table = self::table();
        $list = implode(',', array_map('intval', array_column($events, 'id')));
        $wpdb->query($wpdb->prepare(
            "UPDATE $table SET delivered_at = %s, next_attempt_at = NULL, last_error = NULL WHERE id IN ($list)",
            self::time()
        ));
    }

    /** Records that the server failed to accept this event. It is retried later, each time after a longer delay. */
    public static function failed(object $event, string $error): void
    {
        $failures = (int) $event->failures + 1;
        $delay = Delay::after($failures, self::LONGEST_DELAY);
        self::settle($event, $error, [
            'failures' => $failures,
            'next_attempt_at' => $failures >= self::MAX_FAILURES ? null : self::time($delay),
        ]);
    }

    /** Gives up an event that the server will never accept. */
    public static function refused(object $event, string $error): void
    {
        self::settle($event, $error, ['next_attempt_at' => null]);
    }

    /**
     * Ends the claim of an event that was not sent for a reason unrelated to it. The event is due at `$due`, in Unix
     * time. This counts as no failure of the event.
     */
    public static function release(object $event, string $error, int $due): void
    {
        self::settle($event, $error, ['next_attempt_at' => gmdate('Y-m-d H:i:s', $due)]);
    }

    /** Makes every waiting event due now, and every given up event that no later event of its post has replaced. */
    public static function retryAll(): void
    {
        global $wpdb;
        $table = self::table();
        $now = self::time();
        $wpdb->query($wpdb->prepare(
            "UPDATE $table SET next_attempt_at = %s
            WHERE delivered_at IS NULL AND next_attempt_at > %s AND claim IS NULL",
            $now,
            $now
        ));
        $wpdb->query($wpdb->prepare(
            "UPDATE $table AS event LEFT JOIN $table AS later ON later.post_id = event.post_id AND later.id > event.id
            SET event.next_attempt_at = %s, event.failures = 0
            WHERE event.delivered_at IS NULL AND event.next_attempt_at IS NULL AND later.id IS NULL",
            $now
        ));
    }

    /** Returns the Unix time at which the next event is due; null if no event waits. */
    public static function nextAttemptAt(): ?int
    {
        global $wpdb;
        $next = $wpdb->get_var('SELECT MIN(event.next_attempt_at) ' . self::fromWaiting());
        return null === $next ? null : strtotime($next . ' UTC');
    }

    /**
     * Returns the last state of a post that was sent to the server, and its newest unattempted event. `announced` is
     * the address that the server has, null if the post was not announced or was unpublished. `row` is the row of the
     * event, null if there is none.
     *
     * @return array{announced: string|null, row: int|null}
     */
    public static function stateOf(int $post): array
    {
        global $wpdb;
        $rows = $wpdb->get_results($wpdb->prepare(
            'SELECT id, type, url, attempts, delivered_at FROM ' . self::table() . '
            WHERE post_id = %d ORDER BY id DESC LIMIT 2',
            $post
        ));
        $last = $rows[0] ?? null;
        $isUntried = null !== $last && '0' === $last->attempts && null === $last->delivered_at;
        $known = $isUntried ? ($rows[1] ?? null) : $last;
        $isPublic = null !== $known && in_array($known->type, [PostEvents::PUBLISHED, PostEvents::UPDATED], true);
        return ['announced' => $isPublic ? $known->url : null, 'row' => $isUntried ? (int) $last->id : null];
    }

    /**
     * Makes the last event of a post due at once, with the events that wait before it. Returns false if nothing waits.
     * Given up events that a later one has replaced stay given up. Claimed events are not changed.
     */
    public static function hasten(int $post): bool
    {
        global $wpdb;
        $last = $wpdb->get_row($wpdb->prepare(
            'SELECT id, delivered_at FROM ' . self::table() . ' WHERE post_id = %d ORDER BY id DESC LIMIT 1',
            $post
        ));
        if (null === $last || null !== $last->delivered_at) {
            return false;
        }
        $now = self::time();
        $wpdb->query($wpdb->prepare(
            'UPDATE ' . self::table() . ' SET failures = IF(next_attempt_at IS NULL, 0, failures), next_attempt_at = %s
            WHERE post_id = %d AND delivered_at IS NULL AND claim IS NULL AND (next_attempt_at > %s OR id = %d)',
            $now,
            $post,
            $now,
            $last->id
        ));
        return true;
    }

    /** Deletes every event, delivered or not. */
    public static function clear(): void
    {
        global $wpdb;
        $wpdb->query('DELETE FROM ' . self::table());
    }

    /** Deletes delivered events after 30 days, except the last one of each post, which holds the post's sent state. */
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

    /** SQL that selects each post's first waiting event. Delivered and given up events do not wait. */
    private static function fromWaiting(): string
    {
        $table = self::table();
        return "FROM $table AS event WHERE event.delivered_at IS NULL AND event.next_attempt_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM $table AS earlier WHERE earlier.post_id = event.post_id
            AND earlier.id < event.id AND earlier.delivered_at IS NULL AND earlier.next_attempt_at IS NOT NULL)";
    }

    /** Ends a claim. An expired claim may have a new owner, whose outcome counts. */
    private static function settle(object $event, string $error, array $outcome): void
    {
        global $wpdb;
        $wpdb->update(
            self::table(),
            $outcome + ['last_error' => mb_substr($error, 0, 500), 'claim' => null],
            ['id' => $event->id, 'claim' => $event->claim]
        );
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
