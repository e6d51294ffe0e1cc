<?php

/**
 * WordPress runs this when the plugin is deleted.
 */

namespace PeerPress;

defined('WP_UNINSTALL_PLUGIN') || exit;

require_once __DIR__ . '/includes/autoload.php';

// The plugin itself is not loaded.
if (! defined(__NAMESPACE__ . '\VERSION')) {
    define(__NAMESPACE__ . '\VERSION', get_file_data(__DIR__ . '/peerpress.php', ['version' => 'Version'])['version']);
}

Lifecycle::uninstall();
