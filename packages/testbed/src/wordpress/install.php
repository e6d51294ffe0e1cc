<?php

/** Installs WordPress: argv is the folder, the address and the theme's name. (WordPress loads into this
 * file's own scope, so nothing is kept in variables.) */

define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = (string) parse_url($argv[2], PHP_URL_HOST);
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

// No mail is sent about the new site: there is nobody to read it, and sending may block.
add_filter('pre_wp_mail', '__return_true');
wp_install('A quiet site', 'admin', 'admin@example.org', true, '', wp_generate_password());
update_option('timezone_string', 'UTC');
switch_theme($argv[3]);
$wp_rewrite->set_permalink_structure('/%postname%/');
$wp_rewrite->flush_rules(false);
