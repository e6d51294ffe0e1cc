<?php

namespace PeerPress\Server;

use PeerPress\Page\Assistance;
use PeerPress\Page\PageCaches;

/**
 * Sends the owner's policy to the server, which refuses peers to pages that state a looser one. The current policy, not
 * a list of changes, is sent until the server has accepted it.
 */
final class Policy
{
    private const HOOK = 'peerpress_policy';
    /** The last accepted policy, and the failures since. Autoloaded, so that a check needs no query. */
    private const OPTION = 'peerpress_policy';
    /** Seconds before the first retry; doubled each time. */
    private const FIRST_DELAY = MINUTE_IN_SECONDS;
    private const LONGEST_DELAY = HOUR_IN_SECONDS;

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action(self::HOOK, [self::class, 'send']);
        // Cron entries get lost, and a site that was updated from release 0.1 has never sent its policy.
        add_action('init', [self::class, 'ensureSent']);
    }

    /** Sends a changed mode or consent to the server at once, and purges cached pages that state the old one. */
    public static function changed(): void
    {
        PageCaches::request();
        self::send();
    }

    /**
     * Records the policy that the server recorded when this site was connected.
     *
     * @param mixed $answer Decoded JSON of POST /v1/connect. A server of release 0.1 does not return the mode.
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

    /** Returns whether the server has the current policy. */
    public static function isTaken(): bool
    {
        $connection = Connection::current();
        return null === $connection || self::state()['taken'] === self::current($connection);
    }

    /** Sends the policy unless the server has it. Schedules a retry if the server does not accept it. */
    public static function send(): void
    {
        wp_unschedule_hook(self::HOOK);
        $connection = Connection::current();
        if (null === $connection || self::isTaken()) {
            return;
        }
        // If this process dies while it sends, the policy is sent again then.
        $failures = self::state()['failures'];
        $delay = (int) min(self::LONGEST_DELAY, self::FIRST_DELAY * 2 ** min($failures, 10));
        wp_schedule_single_event(time() + $delay, self::HOOK);
        $policy = self::current($connection);
        $answer = ServerRequest::post($connection, 'policy', [
            'mode' => $policy['mode'],
            'consent' => $policy['consent'],
        ]);
        if (null === Connection::storedNow()) {
            // The site was disconnected during the request.
            self::forget();
        } elseif (200 === (int) wp_remote_retrieve_response_code($answer)) {
            self::note(['taken' => $policy, 'failures' => 0]);
            wp_unschedule_hook(self::HOOK);
        } else {
            self::note(['failures' => $failures + 1] + self::state());
        }
    }

    /** Schedules the policy if it must be sent and is not scheduled. */
    public static function ensureSent(): void
    {
        if (! self::isTaken() && false === wp_next_scheduled(self::HOOK)) {
            wp_schedule_single_event(time(), self::HOOK);
        }
    }

    /** Unschedules the policy. */
    public static function stop(): void
    {
        wp_unschedule_hook(self::HOOK);
    }

    /** Unschedules the policy and deletes the record of the accepted one. */
    public static function forget(): void
    {
        self::stop();
        delete_option(self::OPTION);
    }

    /** Returns the policy to send, with its server and site: another server or site has never received it. */
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
