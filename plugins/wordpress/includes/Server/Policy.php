<?php

namespace PeerPress\Server;

use PeerPress\Page\Assistance;
use PeerPress\Page\PageCaches;

/**
 * The owner's policy on the way to the server, which refuses peers to pages that say anything looser. The current
 * policy is sent, not a list of changes, until the server has taken it.
 */
final class Policy
{
    private const HOOK = 'peerpress_policy';
    /** What the server took last, and how often it failed since. Loaded with every page, so that a look costs nothing. */
    private const OPTION = 'peerpress_policy';
    /** Seconds before the first repetition; doubled each time. */
    private const FIRST_DELAY = MINUTE_IN_SECONDS;
    private const LONGEST_DELAY = HOUR_IN_SECONDS;

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action(self::HOOK, [self::class, 'send']);
        // Entries of cron get lost, and a site that was updated from release 0.1 has never sent its policy.
        add_action('init', [self::class, 'ensureSent']);
    }

    /** The owner changed mode or consent: the server hears of it at once, and caches forget pages that say otherwise. */
    public static function changed(): void
    {
        PageCaches::request();
        self::send();
    }

    /**
     * Notes what a server recorded while this site was connected.
     *
     * @param mixed $answer Decoded JSON of POST /v1/connect. A server of release 0.1 does not say the mode.
     */
    public static function connected($answer): void
    {
        PageCaches::request();
        $connection = Connection::current();
        $recorded = [$answer['mode'] ?? null, $answer['consent'] ?? null];
        if (null !== $connection && $recorded === [Assistance::mode(), $connection->consent]) {
            self::note(['taken' => self::current($connection), 'failures' => 0]);
        } else {
            self::send();
        }
    }

    /** Whether the server has the current policy. */
    public static function isTaken(): bool
    {
        $connection = Connection::current();
        return null === $connection || self::state()['taken'] === self::current($connection);
    }

    /** Sends the policy unless the server has it; tries again later if it does not take it. */
    public static function send(): void
    {
        wp_unschedule_hook(self::HOOK);
        $connection = Connection::current();
        if (null === $connection || self::isTaken()) {
            return;
        }
        // If this process dies while it sends, the policy goes out again then.
        $failures = self::state()['failures'];
        $delay = (int) min(self::LONGEST_DELAY, self::FIRST_DELAY * 2 ** min($failures, 10));
        wp_schedule_single_event(time() + $delay, self::HOOK);
        $policy = self::current($connection);
        $answer = ServerRequest::post($connection, 'policy', [
            'mode' => $policy['mode'],
            'consent' => $policy['consent'],
        ]);
        if (null === Connection::storedNow()) {
            // The site was disconnected meanwhile.
            self::forget();
        } elseif (200 === (int) wp_remote_retrieve_response_code($answer)) {
            self::note(['taken' => $policy, 'failures' => 0]);
            wp_unschedule_hook(self::HOOK);
        } else {
            self::note(['failures' => $failures + 1] + self::state());
        }
    }

    /** Schedules what is to be sent and is not scheduled. */
    public static function ensureSent(): void
    {
        if (! self::isTaken() && false === wp_next_scheduled(self::HOOK)) {
            wp_schedule_single_event(time(), self::HOOK);
        }
    }

    /** Takes the scheduled work. */
    public static function stop(): void
    {
        wp_unschedule_hook(self::HOOK);
    }

    /** Forgets what was sent. */
    public static function forget(): void
    {
        self::stop();
        delete_option(self::OPTION);
    }

    /** What the server must have, and which server: another one, or another site on it, has not heard of it. */
    private static function current(Connection $connection): array
    {
        return [
            'server' => $connection->server,
            'site' => $connection->site,
            'mode' => Assistance::mode(),
            'consent' => $connection->consent,
        ];
    }

    private static function state(): array
    {
        $stored = get_option(self::OPTION);
        $stored = is_array($stored) ? $stored : [];
        $failures = $stored['failures'] ?? 0;
        return ['taken' => $stored['taken'] ?? null, 'failures' => is_int($failures) ? max(0, $failures) : 0];
    }

    private static function note(array $state): void
    {
        update_option(self::OPTION, $state, true);
    }
}
