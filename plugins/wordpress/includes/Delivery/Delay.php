<?php

namespace PeerPress\Delivery;

/**
 * Delays between attempts.
 */
final class Delay
{
    private const FIRST = 30;

    /** Returns the seconds to wait after this many failures: doubled each time up to `$longest`, half of it random. */
    public static function after(int $failures, int $longest): int
    {
        $delay = min($longest, self::FIRST * 2 ** min(max($failures, 1) - 1, 20));
        return random_int(intdiv($delay, 2), $delay);
    }
}
