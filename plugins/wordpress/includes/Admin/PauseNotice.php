<?php

namespace PeerPress\Admin;

use PeerPress\Delivery\Pause;
use PeerPress\Server\Connection;

/**
 * Tells owners in the dashboard that the server accepts nothing until they do something.
 */
final class PauseNotice
{
    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('admin_notices', [self::class, 'show']);
    }

    /** Prints the notice, on every page but the plugin's own, which says it anyway. */
    public static function show(): void
    {
        $pause = null === Connection::current() ? null : Pause::current();
        if (null === $pause || ! $pause->needsOwner() || ! current_user_can(Settings::CAPABILITY)) {
            return;
        }
        $screen = get_current_screen();
        if (null !== $screen && Settings::SCREEN === $screen->id) {
            return;
        }
        printf(
            '<div class="notice notice-error"><p>PeerPress: %s <a href="%s">%s</a></p></div>',
            esc_html($pause->text()),
            esc_url(Settings::url()),
            esc_html__('Settings', 'peerpress')
        );
    }
}
