<?php

/**
 * WordPress runs this file when the plugin is deleted.
 */

namespace PeerPress;

defined('WP_UNINSTALL_PLUGIN') || exit;

require_once __DIR__ . '/includes/autoload.php';

// WordPress does not load the plugin's main file here.
if (! defined(__NAMESPACE__ . '\VERSION')) {
    define(__NAMESPACE__ . '\VERSION', get_file_data(__DIR__ . '/peerpress.php', ['version' => 'Version'])['version']);
}

Lifecycle::uninstall();
