<?php

namespace PeerPress;

use WP_Post;

/**
 * Keeps a single post out, by a checkbox beside the editor (both editors show it) or by the REST API's `meta`. A post
 * that is kept out is taken back from the server, and its page is measured only.
 */
final class PostSwitch
{
    /** Name of the post's field: true keeps it out. */
    public const META = '_peerpress_off';

    private const NONCE = 'peerpress_post';

    /** Registers the hooks. */
    public static function init(): void
    {
        // Late: every post type must be there.
        add_action('init', [self::class, 'registerMeta'], 99);
        add_action('add_meta_boxes', [self::class, 'addBox']);
        add_action('save_post', [self::class, 'save'], 10, 2);
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

    /** Adds the checkbox to the editor of a connected site. */
    public static function addBox(string $type): void
    {
        if (null === Connection::current() || ! in_array($type, Visibility::types(), true)) {
            return;
        }
        add_meta_box('peerpress', 'PeerPress', [self::class, 'showBox'], $type, 'side', 'default', [
            '__block_editor_compatible_meta_box' => true,
        ]);
    }

    /** Prints the checkbox. */
    public static function showBox(WP_Post $post): void
    {
        wp_nonce_field(self::NONCE, self::NONCE);
        printf(
            '<label><input type="checkbox" name="%1$s" value="1"%2$s> %3$s</label><p class="description">%4$s</p>',
            esc_attr(self::META),
            checked(self::isOff($post), true, false),
            esc_html__('Keep this post out', 'peerpress'),
            esc_html__('Its readers do not help each other: everything comes from this site.', 'peerpress')
        );
    }

    /** The editor's form was sent. A save without the checkbox, by REST for example, leaves the field alone. */
    public static function save(int $id, WP_Post $post): void
    {
        $nonce = sanitize_key($_POST[self::NONCE] ?? '');
        $isOurs = (int) ($_POST['post_ID'] ?? 0) === $id && wp_verify_nonce($nonce, self::NONCE);
        if (! $isOurs || wp_is_post_revision($post) || ! current_user_can('edit_post', $id)) {
            return;
        }
        if (isset($_POST[self::META])) {
            update_post_meta($id, self::META, true);
        } else {
            delete_post_meta($id, self::META);
        }
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
