<?php

/**
 * WordPress runs this when the plugin is deleted.
 */

namespace PeerPress;

defined('WP_UNINSTALL_PLUGIN') || exit;

require_once __DIR__ . '/includes/autoload.php';

Lifecycle::uninstall();
