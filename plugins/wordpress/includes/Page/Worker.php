<?php

namespace PeerPress\Page;

use PeerPress\Server\Connection;

use const PeerPress\FILE;

/**
 * Serves the service worker at the home address: a worker may only take care of addresses below its own, so a file in
 * the plugin's folder cannot do it.
 */
final class Worker
{
    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('init', [self::class, 'serve'], 1);
    }

    /** Where the worker is served, on the site's own origin. */
    public static function url(): string
    {
        return home_url('/?peerpress=worker');
    }

    /** Answers a request for the worker; every other one goes on. */
    public static function serve(): void
    {
        if ('worker' !== ($_GET['peerpress'] ?? '')) {
            return;
        }
        $file = dirname(FILE) . '/assets/worker.js';
        if (null === Connection::current() || ! is_readable($file)) {
            status_header(404);
            nocache_headers();
            exit;
        }
        $etag = '"' . md5_file($file) . '"';
        header('Content-Type: text/javascript; charset=utf-8');
        header('Service-Worker-Allowed: /');
        header('Cache-Control: no-cache');
        header('X-Content-Type-Options: nosniff');
        header('ETag: ' . $etag);
        if (false !== strpos(wp_unslash($_SERVER['HTTP_IF_NONE_MATCH'] ?? ''), $etag)) {
            status_header(304);
            exit;
        }
        readfile($file);
        exit;
    }
}
