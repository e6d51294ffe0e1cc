<?php

/**
 * Finds the class PeerPress\Folder\Name in includes/Folder/Name.php.
 */

namespace PeerPress;

defined('ABSPATH') || exit;

spl_autoload_register(static function (string $class): void {
    $prefix = __NAMESPACE__ . '\\';
    if (0 === strpos($class, $prefix)) {
        $file = __DIR__ . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
        if (is_readable($file)) {
            require_once $file;
        }
    }
});
