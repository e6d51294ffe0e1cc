<?php

namespace PeerPress\Server;

use PeerPress\Admin\Settings;

use const PeerPress\FILE;

/**
 * Notices that this WordPress runs at another address than the one it was connected at: a copy of the site, which has
 * the site's secret, or the site after a move. Until an administrator says which, the plugin does nothing and sends
 * nothing.
 */
final class HomeCheck
{
    /** Names of the forms' actions. */
    public const COPY = 'peerpress_copy';
    public const MOVED = 'peerpress_moved';

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('admin_post_' . self::COPY, [self::class, 'onCopy']);
        add_action('admin_post_' . self::MOVED, [self::class, 'onMoved']);
    }

    /**
     * The home address as it is compared and stored: without scheme, `www.` and trailing slashes, and in base64, so
     * that a tool that replaces the address everywhere in a copied database leaves it alone. Empty when there is no
     * address to compare with, as under a `WP_HOME` that follows the request's host, in a process that serves none.
     */
    public static function here(): string
    {
        $parts = wp_parse_url(ServerRequest::home());
        if (! is_array($parts) || empty($parts['host'])) {
            return '';
        }
        $host = preg_replace('/^www\./', '', strtolower($parts['host']));
        $port = isset($parts['port']) ? ':' . $parts['port'] : '';
        return base64_encode($host . $port . rtrim($parts['path'] ?? '', '/'));
    }

    /** Whether a connection was made at another address, or refused by its server at this one. */
    public static function isElsewhere(Connection $connection): bool
    {
        $here = self::here();
        if ('' === $here) {
            return false;
        }
        return $here === $connection->refusedHome || ('' !== $connection->home && $here !== $connection->home);
    }

    /** Whether an administrator has to answer the question. */
    public static function isAsking(): bool
    {
        $connection = Connection::stored();
        return null !== $connection && self::isElsewhere($connection);
    }

    /** Prints the question, if there is one. */
    public static function show(): void
    {
        if (! self::isAsking()) {
            return;
        }
        $connection = Connection::stored();
        $before = (string) base64_decode($connection->home);
        $buttons = [
            [self::COPY, __('This is a copy', 'peerpress')],
            [self::MOVED, __('The site moved', 'peerpress')],
        ];
        require dirname(FILE) . '/admin/elsewhere.php';
    }

    /** The button "This is a copy" was pressed: forgets the connection, which is another WordPress's. Sends nothing. */
    public static function onCopy(): void
    {
        Settings::authorize(self::COPY);
        ConnectFlow::endHere();
        Settings::redirect('copy');
    }

    /** The button "The site moved" was pressed: the server's operator approves the new address. */
    public static function onMoved(): void
    {
        Settings::authorize(self::MOVED);
        $connection = Connection::stored();
        if (null === $connection) {
            Settings::redirect('denied');
        }
        ConnectFlow::ask($connection->server, $connection->consent, $connection);
    }
}
