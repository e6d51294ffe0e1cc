<?php

namespace PeerPress\Posts;

use WP_Post;

/**
 * What everybody may see, and so may leave WordPress.
 */
final class Visibility
{
    /** Published, of a type with pages of its own, without a password, and not held back by its author or by the site's code. */
    public static function isPublic(WP_Post $post): bool
    {
        if ('publish' !== $post->post_status || '' !== $post->post_password) {
            return false;
        }
        if (! in_array($post->post_type, self::types(), true)) {
            return false;
        }
        if (PostSwitch::isOff($post)) {
            return false;
        }
        /**
         * Filters whether a public post is published into PeerPress. A post that is not public is never asked about.
         *
         * @param bool    $publish Default true.
         * @param WP_Post $post    The post.
         */
        return (bool) apply_filters('peerpress_publish_post', true, $post);
    }

    /**
     * The post types with pages of their own. Attachments are media, which travel with the post that shows them.
     *
     * @return string[]
     */
    public static function types(): array
    {
        $viewable = array_filter(get_post_types(), 'is_post_type_viewable');
        return array_values(array_diff($viewable, ['attachment']));
    }
}
