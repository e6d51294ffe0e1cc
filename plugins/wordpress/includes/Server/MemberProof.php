<?php

namespace PeerPress\Server;

/**
 * Answers challenges of the server at `/?peerpress=member&nonce=…`, which prove that this site is at its domain. The
 * answer depends on a secret that this site and its server alone have, and on the nonce, so no copy of it proves
 * anything later.
 */
final class MemberProof
{
    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('init', [self::class, 'serve'], 1);
    }

    /** Answers a challenge. Other requests continue. */
    public static function serve(): void
    {
        if ('member' !== ($_GET['peerpress'] ?? '')) {
            return;
        }
        $answer = self::answer($_GET['nonce'] ?? '');
        nocache_headers();
        if (null === $answer) {
            status_header(404);
            exit;
        }
        header('Content-Type: text/plain; charset=utf-8');
        header('X-Content-Type-Options: nosniff');
        echo esc_html($answer), "\n";
        exit;
    }

    /**
     * Returns the answer to a nonce: base64url of the HMAC of site, host and nonce. Null for another value, and unless
     * the site is connected.
     *
     * @param mixed $nonce
     */
    public static function answer($nonce): ?string
    {
        $connection = Connection::current();
        if (null === $connection || ! is_string($nonce) || 1 !== preg_match('/^[A-Za-z0-9_-]{43}$/D', $nonce)) {
            return null;
        }
        $host = strtolower((string) wp_parse_url(ServerRequest::home(), PHP_URL_HOST));
        // No signed message begins like this, because the id of a message has no line break.
        $text = "peerpress-member\n$connection->site\n$host\n$nonce";
        return rtrim(strtr(base64_encode(Signature::of($connection->secret(), $text)), '+/', '-_'), '=');
    }
}
