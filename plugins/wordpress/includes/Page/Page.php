<?php

namespace PeerPress\Page;

use PeerPress\Posts\Visibility;
use PeerPress\Server\Connection;

use const PeerPress\FILE;
use const PeerPress\VERSION;

/**
 * What a reader's page carries: a small JSON configuration and a deferred loader. Neither asks anybody for anything
 * while the page is made.
 */
final class Page
{
    /** Registers the hooks. */
    public static function init(): void
    {
        // After the page's own contents: what stands in the head is asked for before the first pictures, and they wait.
        add_action('wp_footer', [self::class, 'printScripts'], 1);
    }

    /** Prints both, for anonymous readers of a connected site's ordinary pages. */
    public static function printScripts(): void
    {
        $connection = Connection::current();
        if (null === $connection || ! self::isForReaders()) {
            return;
        }
        $json = wp_json_encode(self::config($connection), JSON_HEX_TAG | JSON_UNESCAPED_SLASHES);
        if (false === $json) {
            return;
        }
        wp_print_inline_script_tag($json, ['type' => 'application/json', 'id' => 'peerpress-config']);
        wp_print_script_tag(['src' => self::asset('loader.js'), 'defer' => true]);
    }

    /** Whether what is being shown is an ordinary page for an anonymous reader. */
    public static function isForReaders(): bool
    {
        return ! is_user_logged_in() && ! self::isSpecial();
    }

    private static function config(Connection $connection): array
    {
        $config = [
            'site' => $connection->site,
            'post' => self::post(),
            'server' => $connection->server,
            'key' => $connection->publicKey,
            'mode' => Assistance::mode(),
            'consent' => $connection->consent,
            'consentCategory' => ConsentApi::CATEGORY,
            'control' => Assistance::control() / 100,
            'worker' => Worker::url(),
            'scripts' => ['rum' => self::asset('rum.js'), 'swarm' => self::asset('swarm.js')],
            'snapshot' => [
                'script' => self::asset('snapshot.js'),
                /* translators: {date} stays as it is: the time of the copy takes its place. */
                'text' => __('Saved copy of {date}. The site cannot be reached at the moment.', 'peerpress'),
            ],
        ];
        if (Connection::NOTICE === $connection->consent) {
            $config['notice'] = self::notice();
        }
        /**
         * Filters the configuration in a page, for example to keep another share of a page's readers on the origin
         * (`control`, 0 to 1), to measure only (`mode` => 'off'), or to have no copies kept for when the site is down
         * (without `snapshot`). A field that the loader does not know makes it refuse all.
         *
         * @param array $config The configuration.
         */
        return (array) apply_filters('peerpress_page_config', $config);
    }

    /** The notice in the site's language. */
    private static function notice(): array
    {
        $notice = [
            'script' => self::asset('notice.js'),
            'label' => __('How this page is delivered', 'peerpress'),
            'text' => __(
                // phpcs:ignore Generic.Files.LineLength
                'Readers of this page help each other: your browser exchanges its pictures and videos with theirs, and they can see your IP address.',
                'peerpress'
            ),
            'accept' => __('OK', 'peerpress'),
            'refuse' => __('No thanks', 'peerpress'),
        ];
        $policy = get_privacy_policy_url();
        if ('' !== $policy) {
            $notice['more'] = ['url' => $policy, 'text' => __('Privacy policy', 'peerpress')];
        }
        return $notice;
    }

    /** The id of the one post that this page shows, when everybody may see it; else null. */
    private static function post(): ?string
    {
        $post = is_singular() ? get_queried_object() : null;
        return $post instanceof \WP_Post && Visibility::isPublic($post) ? (string) $post->ID : null;
    }

    private static function isSpecial(): bool
    {
        $isAmp = function_exists('amp_is_request') && amp_is_request();
        return is_preview() || is_customize_preview() || is_feed() || is_embed() || $isAmp;
    }

    private static function asset(string $name): string
    {
        return add_query_arg('ver', VERSION, plugins_url('assets/' . $name, FILE));
    }
}
