<?php

namespace PeerPress\Admin;

use PeerPress\Delivery\Delivery;
use PeerPress\Delivery\Outbox;
use PeerPress\Delivery\Pause;
use PeerPress\Posts\PostEvents;
use PeerPress\Posts\PostSwitch;
use PeerPress\Posts\Visibility;
use PeerPress\Server\Connection;
use PeerPress\Server\ServerRequest;
use WP_REST_Request;

use const PeerPress\FILE;
use const PeerPress\VERSION;

/**
 * Shows the publication state of each post, in a column of the lists of posts and beside the editor. A script requests
 * the receipts, so that pages of wp-admin never wait for the server.
 */
final class Receipts
{
    /** Namespace of the plugin's REST routes. */
    public const API = 'peerpress/v1';

    private const COLUMN = 'peerpress';
    private const TRANSIENT = 'peerpress_receipt_';
    /** Seconds for which a receipt is cached. */
    private const LIFETIME = 8;
    /** Seconds without requests after a server did not answer. Each request would occupy PHP for its timeout. */
    private const SILENCE_LIFETIME = 30;
    private const SILENCE = self::TRANSIENT . 'silence';
    /** Maximum posts in one request to the server. */
    private const AT_ONCE = 100;

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('rest_api_init', [self::class, 'registerRoutes']);
        add_action('admin_init', [self::class, 'addColumns']);
        add_action('admin_enqueue_scripts', [self::class, 'addScripts']);
    }

    /** Adds the routes for the scripts in wp-admin. */
    public static function registerRoutes(): void
    {
        register_rest_route(self::API, '/receipts', [
            'methods' => 'GET',
            'callback' => [self::class, 'answer'],
            'permission_callback' => static function (): bool {
                return current_user_can('edit_posts');
            },
            'args' => [
                'posts' => ['required' => true, 'type' => 'array', 'items' => ['type' => 'integer'], 'maxItems' => 100],
            ],
        ]);
        register_rest_route(self::API, '/posts/(?P<id>\d+)/retry', [
            'methods' => 'POST',
            'callback' => [self::class, 'retry'],
            'permission_callback' => [PostSwitch::class, 'mayEdit'],
        ]);
    }

    /** Returns the receipts of the posts that the user may edit, each as text. */
    public static function answer(WP_REST_Request $request): array
    {
        $asked = array_map('intval', array_slice($request['posts'], 0, self::AT_ONCE));
        $ids = array_filter($asked, static function (int $id): bool {
            return null !== get_post($id) && current_user_can('edit_post', $id);
        });
        $sent = self::lastEvents($ids);
        $receipts = self::fromServer($ids);
        return array_map(static function (int $id) use ($sent, $receipts): array {
            return ['post' => $id] + ReceiptText::of(get_post($id), $sent[$id] ?? null, $receipts[$id] ?? null);
        }, array_values($ids));
    }

    /** Handles the button "Retry": has the server process the post again. */
    public static function retry(WP_REST_Request $request): array
    {
        $post = get_post((int) $request['id']);
        Pause::probe();
        // A failed event that waits for its next attempt would delay later events of the post.
        if (Outbox::hasten($post->ID)) {
            Delivery::request();
        } else {
            PostEvents::record($post);
        }
        self::forget($post->ID);
        return ['queued' => Visibility::isPublic($post)];
    }

    /** Deletes the cached receipt of a post, so that the next request queries the server. */
    public static function forget(int $post): void
    {
        delete_transient(self::TRANSIENT . $post);
        delete_transient(self::SILENCE);
    }

    /** Adds the column to the lists of all published types. */
    public static function addColumns(): void
    {
        if (null === Connection::current()) {
            return;
        }
        foreach (Visibility::types() as $type) {
            add_filter("manage_{$type}_posts_columns", static function (array $columns): array {
                return $columns + [self::COLUMN => 'PeerPress'];
            });
            add_action("manage_{$type}_posts_custom_column", static function (string $column, int $id): void {
                if (self::COLUMN === $column) {
                    self::printPlace($id, false);
                }
            }, 10, 2);
        }
    }

    /** Prints the element that the script fills, with the switch beside the editor. */
    public static function printPlace(int $post, bool $hasSwitch): void
    {
        printf(
            '<div class="peerpress-receipt" data-post="%d" data-switch="%d">%s</div>',
            (int) $post,
            (int) $hasSwitch,
            esc_html__('…', 'peerpress')
        );
    }

    /** Adds the scripts to the lists of posts and to the editors. */
    public static function addScripts(string $screen): void
    {
        $isOurs = in_array($screen, ['edit.php', 'post.php', 'post-new.php'], true)
            && in_array(get_current_screen()->post_type, Visibility::types(), true);
        if (! $isOurs || null === Connection::current()) {
            return;
        }
        $needs = ['wp-api-fetch', 'wp-dom-ready'];
        wp_enqueue_script('peerpress-receipts', plugins_url('admin/receipts.js', FILE), $needs, VERSION, true);
        wp_enqueue_style('peerpress-receipts', plugins_url('admin/receipts.css', FILE), [], VERSION);
        wp_localize_script('peerpress-receipts', 'peerpressText', [
            'retry' => __('Retry', 'peerpress'),
            'queued' => __('Waiting to be sent', 'peerpress'),
            'failed' => __('This site gave no answer. Reload the page.', 'peerpress'),
            'keepOut' => __('Keep this post out', 'peerpress'),
            'keepOutHelp' => __(
                'Its readers do not help each other: everything comes from this site. Holds at once.',
                'peerpress'
            ),
        ]);
        if (get_current_screen()->is_block_editor()) {
            $own = ['peerpress-receipts', 'peerpress-community'];
            $needs = array_merge($own, ['wp-plugins', 'wp-edit-post', 'wp-element', 'wp-data']);
            wp_enqueue_script('peerpress-editor', plugins_url('admin/editor.js', FILE), $needs, VERSION, true);
            Briefs::addScript();
        }
    }

    /**
     * Returns the last event of each post that has one.
     *
     * @param int[] $ids
     * @return array<int, object>
     */
    private static function lastEvents(array $ids): array
    {
        global $wpdb;
        if ([] === $ids) {
            return [];
        }
        $table = Outbox::table();
        $list = implode(',', $ids);
        $rows = $wpdb->get_results("SELECT * FROM $table WHERE id IN
            (SELECT MAX(id) FROM $table WHERE post_id IN ($list) GROUP BY post_id)");
        return array_column($rows, null, 'post_id');
    }

    /**
     * Returns the server's receipts by post: the fields as an array, empty if the server has no receipt. If the server
     * cannot be reached, posts are missing.
     *
     * @param int[] $ids
     * @return array<int, array>
     */
    private static function fromServer(array $ids): array
    {
        $known = [];
        foreach ($ids as $id) {
            $stored = get_transient(self::TRANSIENT . $id);
            if (is_array($stored)) {
                $known[$id] = $stored;
            }
        }
        $missing = array_values(array_diff($ids, array_keys($known)));
        $found = [] === $missing ? [] : self::ask($missing);
        foreach ($found as $id => $receipt) {
            set_transient(self::TRANSIENT . $id, $receipt, self::LIFETIME);
        }
        return $known + $found;
    }

    /**
     * @param int[] $ids
     * @return array<int, array> Empty if the server cannot be reached.
     */
    private static function ask(array $ids): array
    {
        $connection = Connection::current();
        if (null === $connection || false !== get_transient(self::SILENCE)) {
            return [];
        }
        $answer = ServerRequest::post($connection, 'receipts', ['posts' => array_map('strval', $ids)]);
        if (is_wp_error($answer)) {
            set_transient(self::SILENCE, 1, self::SILENCE_LIFETIME);
        }
        $body = is_wp_error($answer) ? null : json_decode(wp_remote_retrieve_body($answer), true);
        if (! is_array($body) || ! is_array($body['receipts'] ?? null)) {
            return [];
        }
        $receipts = array_filter($body['receipts'], 'is_array');
        return array_intersect_key(array_column($receipts, null, 'post'), array_flip($ids)) + array_fill_keys($ids, []);
    }
}
