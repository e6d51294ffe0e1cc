<?php

namespace PeerPress\Posts;

use PeerPress\Admin\Receipts;
use PeerPress\Page\PageCaches;
use PeerPress\Server\Connection;
use WP_Post;
use WP_REST_Request;

/**
 * Keeps a single post out, by a checkbox beside the editor (both editors show it), which acts at once and is no part of
 * a save, or by the REST API's `meta`. A post that is kept out is taken back from the server, and its page is measured
 * only.
 */
final class PostSwitch
{
    /** Name of the post's field: true keeps it out. */
    public const META = '_peerpress_off';

    /** Registers the hooks. */
    public static function init(): void
    {
        // Late: every post type must be there.
        add_action('init', [self::class, 'registerMeta'], 99);
        add_action('add_meta_boxes', [self::class, 'addBox']);
        add_action('rest_api_init', [self::class, 'registerRoute']);
        add_filter('rest_pre_dispatch', [self::class, 'withoutStaleField'], 10, 3);
        foreach (['added_post_meta', 'updated_post_meta', 'deleted_post_meta'] as $hook) {
            add_action($hook, [self::class, 'onMeta'], 10, 3);
        }
    }

    /** Whether the post is kept out. */
    public static function isOff(WP_Post $post): bool
    {
        return (bool) get_post_meta($post->ID, self::META, true);
    }

    /** Lets those who may edit a post read and change its field by REST. */
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

    /** Adds the route by which the switch is set. */
    public static function registerRoute(): void
    {
        register_rest_route(Receipts::API, '/posts/(?P<id>\d+)/switch', [
            'methods' => 'POST',
            'callback' => [self::class, 'set'],
            'permission_callback' => [self::class, 'mayEdit'],
            'args' => ['off' => ['required' => true, 'type' => 'boolean']],
        ]);
    }

    /** Whether the user may edit the post of a request's path. */
    public static function mayEdit(WP_REST_Request $request): bool
    {
        return null !== get_post((int) $request['id']) && current_user_can('edit_post', (int) $request['id']);
    }

    /** Keeps the post out, or no longer. */
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
     * The block editor sends all fields of a post as they were when its tab was opened, as soon as one of them changes.
     * What it sends of this one is ignored, so that an old tab undoes nothing. Requests of wp-admin's pages carry
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

    /** Prints the box. It has no field of the editor's form. */
    public static function showBox(WP_Post $post): void
    {
        Receipts::printPlace($post->ID, true);
    }

    /**
     * A post's field was changed, by whomever: the server hears of it.
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
