<?php

/**
 * Loads the real WordPress in the folder PEERPRESS_WORDPRESS_PATH, in which the plugin is active.
 */

$peerpress_wordpress = getenv('PEERPRESS_WORDPRESS_PATH');
if (false === $peerpress_wordpress || ! is_readable($peerpress_wordpress . '/wp-load.php')) {
    fwrite(STDERR, "PEERPRESS_WORDPRESS_PATH must name the folder of a WordPress that has the plugin active.\n");
    exit(1);
}
define('DISABLE_WP_CRON', true);
require_once $peerpress_wordpress . '/wp-load.php';
require_once __DIR__ . '/WordPressTestCase.php';
