<?php

namespace PeerPress\Server;

use const PeerPress\VERSION;

/**
 * Signed requests of this site to its server.
 */
final class ServerRequest
{
    /** Code of the error that a message gets when this WordPress is not at the address that is connected. */
    public const OTHER_HOME = 'peerpress-other-home';

    /** Bytes of an answer that are read: 100 receipts need less. WordPress stops reading there. */
    public const LARGEST_ANSWER = MB_IN_BYTES;

    private const TIMEOUT = 10;

    /**
     * Sends a message. It carries the home address of this WordPress as the database has it, unfiltered, so that the
     * server can tell the site from a copy of it.
     *
     * @param string $path Below `/v1/sites/SITE/`.
     * @param array $message A field `home_url` is added.
     * @param string|null $id The same for every delivery of one message; null for a message that is sent once.
     * @return array|\WP_Error As of wp_remote_post().
     */
    public static function post(Connection $connection, string $path, array $message, ?string $id = null)
    {
        if (HomeCheck::isElsewhere($connection)) {
            return self::otherHome();
        }
        $body = wp_json_encode(['home_url' => self::home()] + $message, JSON_UNESCAPED_SLASHES);
        $id ??= 'msg_' . bin2hex(random_bytes(16));
        $answer = wp_remote_post("$connection->server/v1/sites/$connection->site/$path", [
            'timeout' => self::TIMEOUT,
            'redirection' => 0,
            'limit_response_size' => self::LARGEST_ANSWER,
            'user-agent' => 'PeerPress/' . VERSION,
            'headers' => ['content-type' => 'application/json']
                + Signature::headers($connection->secret(), $id, time(), $body),
            'body' => $body,
        ]);
        $status = (int) wp_remote_retrieve_response_code($answer);
        if (409 === $status && 'other-home' === Problem::code($answer)) {
            $connection->refuseHome();
            return self::otherHome();
        }
        if ($status >= 200 && $status < 300) {
            $connection->confirmHome();
        }
        return $answer;
    }

    private static function otherHome(): \WP_Error
    {
        return new \WP_Error(
            self::OTHER_HOME,
            __('Nothing is sent: this site’s address is not the one that was connected.', 'peerpress')
        );
    }

    /** The home address of this WordPress, which plugins for languages and domains do not filter. */
    public static function home(): string
    {
        return (string) get_option('home');
    }
}
