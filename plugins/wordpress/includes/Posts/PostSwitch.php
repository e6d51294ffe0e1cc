<?php

namespace PeerPress\Posts;

use PeerPress\Admin\Community;
use PeerPress\Admin\Receipts;
use PeerPress\Page\PageCaches;
use PeerPress\Server\Connection;
use WP_Post;
use WP_REST_Request;

/**
 * Excludes a single post: by a checkbox beside both editors, or by the REST API's `meta`. The checkbox acts at once and
 * is no part of a save. The server revokes an excluded post, and the post's page is only measured.
 */
final class PostSwitch
{
    /** Name of the post's field: true excludes the post. */
    public const META = '_peerpress_off';

    /** Registers the hooks. */
    public static function init(): void
    {
        // Late, when all post types are registered.
        add_action('init', [self::class, 'registerMeta'], 99);
        add_action('add_meta_boxes', [self::class, 'addBox']);
        add_action('rest_api_init', [self::class, 'registerRoute']);
        add_filter('rest_pre_dispatch', [self::class, 'withoutStaleField'], 10, 3);
        foreach (['added_post_meta', 'updated_post_meta', 'deleted_post_meta'] as $hook) {
            add_action($hook, [self::class, 'onMeta'], 10, 3);
        }
    }

    /** Returns whether the post is excluded. */
    public static function isOff(WP_Post $post): bool
    {
        return (bool) get_post_meta($post->ID, self::META, true);
    }

    /** Registers the field for the REST API. Users who may edit a post may read and change its field. */
    public static function registerMeta(): void
    {
        foreach (Visibility::types() as $type) {
            register_post_meta($type, self::META, [
                'type' => 'boolean',
                'description' => __('Keep this post out of PeerPress.', 'peerpress'),
                'single' => true,
                'default' => false,
                'show_in_rest' => true,
                'auth_callback' => static function (bool $allowed, string $key, int $post): bool {
                    return current_user_can('edit_post', $post);
                },
            ]);
        }
    }

    /** Adds the route that sets the switch. */
    public static function registerRoute(): void
    {
        register_rest_route(Receipts::API, '/posts/(?P<id>\d+)/switch', [
            'methods' => 'POST',
            'callback' => [self::class, 'set'],
            'permission_callback' => [self::class, 'mayEdit'],
            'args' => ['off' => ['required' => true, 'type' => 'boolean']],
        ]);
    }

    /** Returns whether the user may edit the post in a request's path. */
    public static function mayEdit(WP_REST_Request $request): bool
    {
        return null !== get_post((int) $request['id']) && current_user_can('edit_post', (int) $request['id']);
    }

    /** Excludes the post, or includes it again. */
    public static function set(WP_REST_Request $request): array
    {
        $id = (int) $request['id'];
        if ($request['off']) {
            update_post_meta($id, self::META, true);
        } else {
            delete_post_meta($id, self::META);
        }
        Receipts::forget($id);
        return ['off' => self::isOff(get_post($id))];
    }

    /**
     * Removes the field from the block editor's saves. If one field changes, the editor sends all of them as they were
     * when its tab was opened, so that an old tab would undo a later choice. Requests of wp-admin's pages have
     * `_locale=user`.
     *
     * @param mixed $result
     * @return mixed
     */
    public static function withoutStaleField($result, $server, WP_REST_Request $request)
    {
        $meta = $request->get_param('meta');
        if ('user' === $request->get_param('_locale') && is_array($meta) && array_key_exists(self::META, $meta)) {
            unset($meta[self::META]);
            $request->set_param('meta', $meta);
        }
        return $result;
    }

    /** Adds the box to the classic editor of a connected site; the block editor has a panel. */
    public static function addBox(string $type): void
    {
        if (null === Connection::current() || ! in_array($type, Visibility::types(), true)) {
            return;
        }
        add_meta_box('peerpress', 'PeerPress', [self::class, 'showBox'], $type, 'side', 'default', [
            '__back_compat_meta_box' => true,
        ]);
    }

    /** Prints the box, which has no field of the editor's form. */
    public static function showBox(WP_Post $post): void
    {
        Receipts::printPlace($post->ID, true);
        Community::printPlace($post->ID);
    }

    /**
     * Records an event when the field of a post changes.
     *
     * @param int|int[] $metaId
     */
    public static function onMeta($metaId, int $id, string $key): void
    {
        $post = self::META === $key ? get_post($id) : null;
        if (null !== $post) {
            PageCaches::request();
            PostEvents::record($post);
        }
    }

    /** Removes the field from all posts. */
    public static function forgetAll(): void
    {
        delete_post_meta_by_key(self::META);
    }
}
