<?php

namespace PeerPress\Server;

/**
 * Sends new versions of the site's active plugins and its theme to the server, which marks them on the charts: a page
 * that became slower on that day has a likely cause. The first look after connecting records the versions without
 * sending them.
 */
final class PartVersions
{
    private const HOOK = 'peerpress_versions';
    /** The owner's choice, and the versions that the server has. Not autoloaded: pages for readers do not need it. */
    private const OPTION = 'peerpress_versions';
    /** Maximum number of versions in one event; the next run sends the rest. */
    private const LARGEST_EVENT = 50;
    /** Maximum number of plugins that are looked at. */
    private const MOST_PARTS = 300;
    /** Statuses of a server that will never accept the event, such as one of an earlier release. */
    private const REFUSALS = [400, 413, 415, 422];

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action(self::HOOK, [self::class, 'send']);
        foreach (['upgrader_process_complete', 'activated_plugin', 'switch_theme'] as $hook) {
            add_action($hook, [self::class, 'request'], 20, 0);
        }
    }

    /** Schedules a look at the versions, because one may have changed. */
    public static function request(): void
    {
        if (null !== Connection::current() && self::isOn() && false === wp_next_scheduled(self::HOOK)) {
            wp_schedule_single_event(time(), self::HOOK);
        }
    }

    /** Returns whether the owner lets the server have versions. */
    public static function isOn(): bool
    {
        return false !== (self::state()['on'] ?? true);
    }

    /** Handles the choice in the form of the settings page. A form that was opened before an update has none. */
    public static function onSubmit(): void
    {
        if (isset($_POST['has-versions'])) {
            self::choose(isset($_POST['versions']));
        }
    }

    /** Records the owner's choice. Versions of the time when it was off are not sent later. */
    public static function choose(bool $isOn): void
    {
        if ($isOn !== self::isOn()) {
            self::note(['on' => $isOn]);
        }
    }

    /** Sends the versions that the server does not have. Runs after updates, and hourly for those by other ways. */
    public static function send(): void
    {
        $connection = Connection::current();
        if (null === $connection || ! self::isOn()) {
            return;
        }
        $installed = self::installed();
        $known = self::known($connection);
        $changed = array_slice(array_diff_assoc($installed, $known ?? $installed), 0, self::LARGEST_EVENT, true);
        if ([] !== $changed) {
            $status = self::post($connection, $changed);
            if (null === Connection::storedNow()) {
                // The site was disconnected during the request.
                self::stop();
                return;
            }
            if (202 !== $status && ! in_array($status, self::REFUSALS, true)) {
                return;
            }
        }
        // A part that is gone is forgotten, so that it counts again when it comes back.
        $versions = array_intersect_key($changed + ($known ?? $installed), $installed);
        if ($versions !== $known) {
            $of = ['server' => $connection->server, 'site' => $connection->site];
            self::note($of + ['on' => true, 'versions' => $versions]);
        }
    }

    /** Unschedules the look. */
    public static function stop(): void
    {
        wp_unschedule_hook(self::HOOK);
    }

    /** Unschedules the look, and deletes the record with the owner's choice. */
    public static function forget(): void
    {
        self::stop();
        delete_option(self::OPTION);
    }

    /**
     * Returns the versions of the active plugins and of the theme with its parent, by their names for the server.
     *
     * @return array<string, string>
     */
    private static function installed(): array
    {
        if (! function_exists('get_plugin_data')) {
            require_once ABSPATH . 'wp-admin/includes/plugin.php';
        }
        $files = array_merge(
            (array) get_option('active_plugins', []),
            is_multisite() ? array_keys((array) get_site_option('active_sitewide_plugins', [])) : []
        );
        $versions = [];
        foreach (array_slice(array_unique(array_filter($files, 'is_string')), 0, self::MOST_PARTS) as $file) {
            // PeerPress sends its own version with every message.
            if (plugin_basename(\PeerPress\FILE) === $file || 0 !== validate_file($file)) {
                continue;
            }
            $path = WP_PLUGIN_DIR . "/$file";
            $data = is_readable($path) ? get_plugin_data($path, false, false) : [];
            $slug = '.' === dirname($file) ? basename($file, '.php') : dirname($file);
            $versions["plugin $slug"] = $data['Version'] ?? '';
        }
        $theme = wp_get_theme();
        foreach (array_filter([$theme, $theme->parent()]) as $each) {
            $versions["theme {$each->get_stylesheet()}"] = (string) $each->get('Version');
        }
        return array_filter($versions, [self::class, 'isSendable'], ARRAY_FILTER_USE_BOTH);
    }

    /** Returns whether the server takes a version: a refused one would hold up the others. */
    private static function isSendable(string $version, string $part): bool
    {
        return 1 === preg_match('/^(?:plugin|theme) [A-Za-z0-9._-]{1,90}$/D', $part)
            && 1 === preg_match('/^[A-Za-z0-9][\w .+~:-]{0,49}$/D', $version);
    }

    /**
     * Returns the versions that the server has; null if nothing was recorded for this connection yet.
     *
     * @return array<string, string>|null
     */
    private static function known(Connection $connection): ?array
    {
        $state = self::state();
        $isOther = $connection->server !== ($state['server'] ?? null) || $connection->site !== ($state['site'] ?? null);
        return $isOther || ! is_array($state['versions'] ?? null)
            ? null
            : array_filter($state['versions'], 'is_string');
    }

    /** Sends versions and returns the status of the answer; 0 without one. */
    private static function post(Connection $connection, array $versions): int
    {
        $releases = [];
        foreach ($versions as $component => $version) {
            $releases[] = ['component' => $component, 'version' => $version];
        }
        $answer = ServerRequest::post($connection, 'events', [
            'type' => 'site.released',
            'timestamp' => gmdate('Y-m-d\TH:i:s\Z'),
            'data' => ['releases' => $releases],
        ]);
        return (int) wp_remote_retrieve_response_code($answer);
    }

    private static function state(): array
    {
        $stored = get_option(self::OPTION);
        return is_array($stored) ? $stored : [];
    }

    private static function note(array $state): void
    {
        update_option(self::OPTION, $state, false);
    }
}
