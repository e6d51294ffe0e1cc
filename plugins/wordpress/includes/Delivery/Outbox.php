<?php

namespace PeerPress\Delivery;

use PeerPress\Posts\PostEvents;

/**
 * The events that the server must receive, kept until it answered. An event's id never changes, so the server knows a
 * repeated one. A process claims events before it sends them, so two cron runs never send one event at once.
 */
final class Outbox
{
    /** Seconds that a claim holds. Longer than a request may take, so it runs out only when its process died. */
    public const LEASE = 120;
    /** After this many failures of its own, about five days, an event is given up. */
    public const MAX_FAILURES = 24;

    /** Seconds after which a held event is due by itself: a save in several steps rarely takes longer. */
    private const HOLD = 10;
    private const LONGEST_DELAY = 6 * HOUR_IN_SECONDS;

    /** Name of the table of the current site. */
    public static function table(): string
    {
        global $wpdb;
        return $wpdb->prefix . 'peerpress_outbox';
    }

    /**
     * Adds an event; gives its row's id. It is due at once, or held: due when `makeDue` says that the request which
     * saves the post is over, or after some seconds, in case that it never says so.
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
     * Puts an event in the place of one that nobody has tried to send yet, and holds it; false when it is too late for
     * that.
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
     * The next due events, now claimed by this process, at most `$limit`; none when nothing is due. Events of one post
     * go in their order: at most one of each post is claimed at a time.
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
            // Of two processes that read the same rows, the second one finds them no longer due.
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

    /** The server has it. */
    public static function delivered(object $event): void
    {
        global $wpdb;
        $outcome = ['delivered_at' => self::time(), 'next_attempt_at' => null, 'last_error' => null];
        $wpdb->update(self::table(), $outcome, ['id' => $event->id]);
    }

    /** The server failed to accept this event: it is tried again later, each time after a longer pause. */
    public static function failed(object $event, string $error): void
    {
        $failures = (int) $event->failures + 1;
        $delay = Delay::after($failures, self::LONGEST_DELAY);
        self::settle($event, $error, [
            'failures' => $failures,
            'next_attempt_at' => $failures >= self::MAX_FAILURES ? null : self::time($delay),
        ]);
    }

    /** The server refused this event for good: it is given up. */
    public static function refused(object $event, string $error): void
    {
        self::settle($event, $error, ['next_attempt_at' => null]);
    }

    /**
     * The event could not be sent for a reason that is not its own: it goes behind the others and is due then, in Unix
     * time. It is no failure of the event.
     */
    public static function release(object $event, string $error, int $due): void
    {
        self::settle($event, $error, ['next_attempt_at' => gmdate('Y-m-d H:i:s', $due)]);
    }

    /** Makes every waiting event due now, also those that were given up, unless a later event of the post replaced them. */
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

    /** When the next event is due, in Unix time; null when nothing waits. */
    public static function nextAttemptAt(): ?int
    {
        global $wpdb;
        $next = $wpdb->get_var('SELECT MIN(event.next_attempt_at) ' . self::fromWaiting());
        return null === $next ? null : strtotime($next . ' UTC');
    }

    /**
     * What the server knows of a post, and the event that would change it: the address under which the post was
     * announced (null when it was not, or was unpublished), and the row of a newer event that nobody has tried to send
     * (null when there is none).
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
     * Makes the last event of a post due at once, with those that wait before it; false when there is nothing to send.
     * A given up event that a later one replaced stays given up, and one that is being sent is left alone.
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

    /** Ends a claim. A claim that ran out may have been taken over: its new owner decides. */
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
