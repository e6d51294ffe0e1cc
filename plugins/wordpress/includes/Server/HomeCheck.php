<?php

namespace PeerPress\Server;

use PeerPress\Admin\Settings;

use const PeerPress\FILE;

/**
 * Detects that this WordPress runs at another address than the connected one. It is either a copy of the site, which
 * has the site's secret, or the site after a move. The plugin does nothing until an administrator answers which.
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
     * Returns the home address for comparison and storage: without scheme, `www.` and trailing slashes. It is in
     * base64, so that tools that replace the address in a copied database do not find it. It is empty if there is no
     * address, for example on the command line if `WP_HOME` follows the request's host.
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

    /** Returns whether the connection was made at another address, or its server refused this address. */
    public static function isElsewhere(Connection $connection): bool
    {
        $here = self::here();
        if ('' === $here) {
            return false;
        }
        return $here === $connection->refusedHome || ('' !== $connection->home && $here !== $connection->home);
    }

    /** Returns whether an administrator has to answer the question. */
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

    /** Handles the button "This is a copy": deletes the connection of the other WordPress. Sends nothing. */
    public static function onCopy(): void
    {
        Settings::authorize(self::COPY);
        ConnectFlow::endHere();
        Settings::redirect('copy');
    }

    /** Handles the button "The site moved": redirects to the server, where the operator approves the new address. */
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
