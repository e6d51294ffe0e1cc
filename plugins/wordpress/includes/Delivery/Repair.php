<?php

namespace PeerPress\Delivery;

use PeerPress\Posts\Backfill;
use PeerPress\Server\Connection;

/**
 * A look now and then, from ordinary requests, whether the scheduled work is still scheduled. One autoloaded option
 * with the time of the last look makes every other request free of cost.
 */
final class Repair
{
    private const OPTION = 'peerpress_checked';
    /** Seconds between two looks. */
    private const INTERVAL = 5 * MINUTE_IN_SECONDS;
    /** The same on a site that nobody works on, where only readers' requests can look. */
    private const READERS_INTERVAL = HOUR_IN_SECONDS;

    /** Whether the scheduled work was taken in this request, which must not bring it back. */
    private static bool $isForbidden = false;

    /** Registers the hooks. */
    public static function init(): void
    {
        // After the answer is out, before Delivery starts what is missing.
        add_action('shutdown', [self::class, 'check'], 1000);
    }

    /** Looks, unless somebody did a moment ago. */
    public static function check(): void
    {
        if (self::$isForbidden || null === Connection::current()) {
            return;
        }
        $checked = get_option(self::OPTION, 0);
        $age = time() - (is_numeric($checked) ? (int) $checked : 0);
        $interval = Delivery::isBehindTheScenes() ? self::INTERVAL : self::READERS_INTERVAL;
        // A time in the future is one of a clock that was set back.
        if ($age >= 0 && $age < $interval) {
            return;
        }
        update_option(self::OPTION, time(), true);
        if (Schema::repair()) {
            // Which events were lost is not known.
            Backfill::all();
        }
        Backfill::repair();
        Delivery::repair();
    }

    /** The scheduled work may be brought back again. */
    public static function allow(): void
    {
        self::$isForbidden = false;
    }

    /** The scheduled work was taken. */
    public static function forget(): void
    {
        self::$isForbidden = true;
        delete_option(self::OPTION);
    }
}
