<?php

namespace PeerPress\Delivery;

/**
 * Pauses between tries.
 */
final class Delay
{
    private const FIRST = 30;

    /** Seconds to wait after this many failures: doubled each time up to `$longest`, the second half of it at random. */
    public static function after(int $failures, int $longest): int
    {
        $delay = min($longest, self::FIRST * 2 ** min(max($failures, 1) - 1, 20));
        return random_int(intdiv($delay, 2), $delay);
    }
}
