<?php

namespace PeerPress\Server;

/**
 * Lists the challenges of connections that administrators of this site have begun, at `/?peerpress=challenge`. A server
 * that finds its challenge there knows that this site, and nobody else, requests the connection. Challenges are public:
 * only the verifier of one, which stays here, redeems a code.
 */
final class Challenges
{
    private const TRANSIENT = 'peerpress_challenges';
    private const LIFETIME = 15 * MINUTE_IN_SECONDS;
    /** Connections that administrators begin within the lifetime. */
    private const MAXIMUM = 20;

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('init', [self::class, 'serve'], 1);
    }

    /** Answers a request for the list. Other requests continue. */
    public static function serve(): void
    {
        if ('challenge' !== ($_GET['peerpress'] ?? '')) {
            return;
        }
        nocache_headers();
        header('Content-Type: text/plain; charset=utf-8');
        header('X-Content-Type-Options: nosniff');
        foreach (array_keys(self::current()) as $challenge) {
            echo esc_html($challenge), "\n";
        }
        exit;
    }

    /** Adds the challenge of a connection that an administrator of this site begins. */
    public static function add(string $challenge): void
    {
        $challenges = [$challenge => time() + self::LIFETIME] + self::current();
        self::save(array_slice($challenges, 0, self::MAXIMUM, true));
    }

    /** Removes the challenge of a connection that is made or refused. */
    public static function remove(string $challenge): void
    {
        self::save(array_diff_key(self::current(), [$challenge => 0]));
    }

    /**
     * Returns the challenges that have not expired, with the time when each expires.
     *
     * @return array<string, int>
     */
    private static function current(): array
    {
        $stored = get_transient(self::TRANSIENT);
        $isCurrent = static fn ($expiresAt): bool => is_int($expiresAt) && $expiresAt > time();
        return is_array($stored) ? array_filter($stored, $isCurrent) : [];
    }

    private static function save(array $challenges): void
    {
        if ([] === $challenges) {
            delete_transient(self::TRANSIENT);
            return;
        }
        set_transient(self::TRANSIENT, $challenges, self::LIFETIME);
    }
}
