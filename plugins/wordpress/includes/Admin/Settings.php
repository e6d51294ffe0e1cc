<?php

namespace PeerPress\Admin;

use PeerPress\Delivery\OutboxStatus;
use PeerPress\Server\Connection;

use const PeerPress\FILE;
use const PeerPress\VERSION;

/**
 * The page Settings → PeerPress.
 */
final class Settings
{
    /** Who may connect a site. */
    public const CAPABILITY = 'manage_options';
    /** WordPress's name for the page. */
    public const SCREEN = 'settings_page_peerpress';

    private const NOTICE = 'peerpress-notice';

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('admin_menu', [self::class, 'addPage']);
        add_action('admin_enqueue_scripts', [self::class, 'addStyle']);
        add_filter('plugin_action_links_' . plugin_basename(FILE), [self::class, 'withLink']);
        add_filter('removable_query_args', [self::class, 'withNoticeArgument']);
    }

    /** Adds the page to the menu. */
    public static function addPage(): void
    {
        add_options_page('PeerPress', 'PeerPress', self::CAPABILITY, 'peerpress', [self::class, 'show']);
    }

    /** Adds the page's style to that page only. */
    public static function addStyle(string $screen): void
    {
        if (self::SCREEN === $screen) {
            wp_enqueue_style('peerpress-settings', plugins_url('admin/settings.css', FILE), [], VERSION);
        }
    }

    /**
     * A link to the page in the list of plugins.
     *
     * @param string[] $links
     * @return string[]
     */
    public static function withLink(array $links): array
    {
        $link = sprintf('<a href="%s">%s</a>', esc_url(self::url()), esc_html__('Settings', 'peerpress'));
        return array_merge([$link], $links);
    }

    /**
     * A notice is not shown again when the page is reloaded.
     *
     * @param string[] $arguments
     * @return string[]
     */
    public static function withNoticeArgument(array $arguments): array
    {
        $arguments[] = self::NOTICE;
        return $arguments;
    }

    /** Prints the page. */
    public static function show(): void
    {
        $connection = Connection::current();
        $notice = Notices::find(sanitize_key($_GET[self::NOTICE] ?? ''));
        $status = null === $connection ? null : OutboxStatus::read();
        require dirname(FILE) . '/admin/settings.php';
    }

    /** Address of the page. */
    public static function url(): string
    {
        return admin_url('options-general.php?page=peerpress');
    }

    /** Ends the request unless it is a form of this page, sent by somebody who may. */
    public static function authorize(string $action): void
    {
        check_admin_referer($action);
        if (! current_user_can(self::CAPABILITY)) {
            wp_die(esc_html__('You are not allowed to change how this site is delivered.', 'peerpress'), '', 403);
        }
    }

    /** Ends the request by showing the page with a notice. */
    public static function redirect(string $notice): void
    {
        wp_safe_redirect(add_query_arg(self::NOTICE, $notice, self::url()));
        exit;
    }
}
