<?php

namespace PeerPress\Delivery;

use PeerPress\Posts\Backfill;
use PeerPress\Server\Connection;

/**
 * Checks from ordinary requests, at intervals, that the scheduled work is still scheduled. An autoloaded option has the
 * time of the last check, so that all other requests run no query for it.
 */
final class Repair
{
    private const OPTION = 'peerpress_checked';
    /** Seconds between two checks. */
    private const INTERVAL = 5 * MINUTE_IN_SECONDS;
    /** The same for requests of readers, on a site that nobody works on. */
    private const READERS_INTERVAL = HOUR_IN_SECONDS;

    /** Whether this request has unscheduled the work, so that it must not schedule it again. */
    private static bool $isForbidden = false;

    /** Registers the hooks. */
    public static function init(): void
    {
        // After the response is sent, before Delivery starts cron.
        add_action('shutdown', [self::class, 'check'], 1000);
    }

    /** Checks, unless the last check is recent. */
    public static function check(): void
    {
        if (self::$isForbidden || null === Connection::current()) {
            return;
        }
        $checked = get_option(self::OPTION, 0);
        $age = time() - (is_numeric($checked) ? (int) $checked : 0);
        $interval = Delivery::isBehindTheScenes() ? self::INTERVAL : self::READERS_INTERVAL;
        // If the time is in the future, the clock was set back.
        if ($age >= 0 && $age < $interval) {
            return;
        }
        update_option(self::OPTION, time(), true);
        if (Schema::repair()) {
            // The lost events are unknown, so all posts are sent again.
            Backfill::all();
        }
        Backfill::repair();
        Delivery::repair();
    }

    /** Allows checks again. */
    public static function allow(): void
    {
        self::$isForbidden = false;
    }

    /** Forbids checks in this request, because the work was unscheduled. */
    public static function forget(): void
    {
        self::$isForbidden = true;
        delete_option(self::OPTION);
    }
}
