<?php

namespace PeerPress\Admin;

use PeerPress\Page\Worker;
use PeerPress\Server\Connection;
use PeerPress\Server\ServerRequest;

/**
 * Tests of Tools → Site Health: what PeerPress needs of this site and its server.
 */
final class SiteHealth
{
    /** Seconds by which an entry of cron may be late. */
    private const CRON_TOLERANCE = 15 * MINUTE_IN_SECONDS;
    /** Seconds by which the clocks may differ before somebody should look, and before the server refuses messages. */
    private const CLOCK_TOLERANCE = 60;
    private const CLOCK_LIMIT = 5 * MINUTE_IN_SECONDS;
    private const TIMEOUT = 10;

    /** Registers the hooks. */
    public static function init(): void
    {
        add_filter('site_status_tests', [self::class, 'withTests']);
        add_action('rest_api_init', [self::class, 'registerRoutes']);
    }

    /** Adds the tests of a connected site. Those that make requests run after the page is shown. */
    public static function withTests(array $tests): array
    {
        if (null === Connection::current()) {
            return $tests;
        }
        foreach (self::remote() as $name => $run) {
            $tests['async']["peerpress_$name"] = [
                'label' => 'PeerPress',
                'test' => rest_url(Receipts::API . "/health/$name"),
                'has_rest' => true,
                'async_direct_test' => $run,
            ];
        }
        $tests['direct']['peerpress_cron'] = ['label' => 'PeerPress', 'test' => [self::class, 'cron']];
        return $tests;
    }

    /** Adds a route for each test that makes requests. */
    public static function registerRoutes(): void
    {
        foreach (self::remote() as $name => $run) {
            register_rest_route(Receipts::API, "/health/$name", [
                'methods' => 'GET',
                'callback' => static function () use ($run): array {
                    return $run();
                },
                'permission_callback' => static function (): bool {
                    return current_user_can('view_site_health_checks');
                },
            ]);
        }
    }

    /** Whether the server answers, and whether its clock and this site's agree. */
    public static function server(): array
    {
        $connection = Connection::current();
        $server = null === $connection ? '' : $connection->server;
        $answer = self::get("$server/readyz");
        $status = is_wp_error($answer) ? 0 : (int) wp_remote_retrieve_response_code($answer);
        if (200 !== $status) {
            $why = is_wp_error($answer) ? $answer->get_error_message() : "HTTP $status";
            /* translators: 1: an address, 2: an error. */
            // phpcs:ignore Generic.Files.LineLength
            $text = __('%1$s does not answer (%2$s). Posts wait on this site until it does; pages are not affected.', 'peerpress');
            $label = __('The PeerPress server cannot be reached', 'peerpress');
            return self::result('server', 'critical', [$label, sprintf($text, $server, $why)]);
        }
        $time = strtotime(self::header($answer, 'date'));
        $difference = false === $time ? 0 : abs($time - time());
        if ($difference > self::CLOCK_TOLERANCE) {
            /* translators: %d: a number of seconds. */
            // phpcs:ignore Generic.Files.LineLength
            $text = __('The clocks differ by %d seconds. From 300 seconds on the server refuses what this site sends. Ask your host to set the clock.', 'peerpress');
            $label = __('This site’s clock and that of its PeerPress server differ', 'peerpress');
            $status = $difference > self::CLOCK_LIMIT ? 'critical' : 'recommended';
            return self::result('server', $status, [$label, sprintf($text, $difference)]);
        }
        $label = __('The PeerPress server answers, and the clocks agree', 'peerpress');
        return self::result('server', 'good', [$label, $server]);
    }

    /** Whether readers' browsers get the service worker from this site, as JavaScript. */
    public static function worker(): array
    {
        $answer = self::get(Worker::url());
        $status = is_wp_error($answer) ? 0 : (int) wp_remote_retrieve_response_code($answer);
        $type = self::header($answer, 'content-type');
        if (200 === $status && 1 === preg_match('#^(text|application)/(x-)?javascript\b#i', $type)) {
            $label = __('Readers’ browsers get the PeerPress worker', 'peerpress');
            return self::result('worker', 'good', [$label, Worker::url()]);
        }
        $why = is_wp_error($answer) ? $answer->get_error_message() : "HTTP $status, $type";
        /* translators: 1: an address, 2: what was answered. */
        // phpcs:ignore Generic.Files.LineLength
        $text = __('%1$s should be answered with JavaScript, but was not (%2$s). A cache or a security plugin may stand in front of it. Until then, pictures come from this site only.', 'peerpress');
        $label = __('Readers’ browsers do not get the PeerPress worker', 'peerpress');
        return self::result('worker', 'critical', [$label, sprintf($text, Worker::url(), $why)]);
    }

    /** Whether WP-Cron does the plugin's scheduled work. */
    public static function cron(): array
    {
        $late = 0;
        foreach (_get_cron_array() ?: [] as $time => $hooks) {
            if ([] !== preg_grep('/^peerpress_/', array_keys($hooks))) {
                $late = max($late, time() - (int) $time);
            }
        }
        if ($late > self::CRON_TOLERANCE) {
            /* translators: %s: a time span such as "2 hours". */
            // phpcs:ignore Generic.Files.LineLength
            $text = __('Work is %s late, so new posts reach the server late. Let a system task call wp-cron.php every few minutes.', 'peerpress');
            $label = __('WP-Cron does not send PeerPress’s events in time', 'peerpress');
            $span = human_time_diff(time() - $late);
            return self::result('cron', 'recommended', [$label, sprintf($text, $span)]);
        }
        $label = __('WP-Cron sends PeerPress’s events in time', 'peerpress');
        return self::result('cron', 'good', [$label, __('No scheduled work is overdue.', 'peerpress')]);
    }

    /** @return array<string, callable> Tests that make requests. */
    private static function remote(): array
    {
        return ['server' => [self::class, 'server'], 'worker' => [self::class, 'worker']];
    }

    /** @return array|\WP_Error As of wp_remote_get(). */
    private static function get(string $url)
    {
        return wp_remote_get($url, [
            'timeout' => self::TIMEOUT,
            'redirection' => 0,
            'cookies' => [],
            'limit_response_size' => ServerRequest::LARGEST_ANSWER,
        ]);
    }

    /**
     * The last value of a header that was sent twice.
     *
     * @param array|\WP_Error $answer
     */
    private static function header($answer, string $name): string
    {
        $values = (array) wp_remote_retrieve_header($answer, $name);
        return (string) end($values);
    }

    /**
     * @param string[] $texts Label and description.
     */
    private static function result(string $name, string $status, array $texts): array
    {
        return [
            'label' => $texts[0],
            'status' => $status,
            'badge' => ['label' => 'PeerPress', 'color' => 'blue'],
            'description' => '<p>' . esc_html($texts[1]) . '</p>',
            'actions' => '',
            'test' => "peerpress_$name",
        ];
    }
}
