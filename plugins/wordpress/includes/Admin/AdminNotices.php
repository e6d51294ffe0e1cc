<?php

namespace PeerPress\Admin;

use PeerPress\Page\Assistance;
use PeerPress\Server\Connection;
use PeerPress\Server\HomeCheck;

/**
 * What every page of wp-admin says to an administrator while the plugin cannot work.
 */
final class AdminNotices
{
    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('admin_notices', [self::class, 'show']);
    }

    /** Prints the notice, if any. */
    public static function show(): void
    {
        if (! current_user_can(Settings::CAPABILITY)) {
            return;
        }
        HomeCheck::show();
        if (Connection::isDamaged()) {
            self::print(__('PeerPress is off: its settings are damaged. Connect this site again.', 'peerpress'));
        } elseif (Assistance::isDamaged() && null !== Connection::current()) {
            self::print(__('PeerPress only measures: its settings are damaged. Save them again.', 'peerpress'));
        }
    }

    private static function print(string $text): void
    {
        printf(
            '<div class="notice notice-error"><p>%s <a href="%s">%s</a></p></div>',
            esc_html($text),
            esc_url(Settings::url()),
            esc_html__('Settings', 'peerpress')
        );
    }
}
