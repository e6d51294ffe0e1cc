<?php

namespace PeerPress\Posts;

use WP_Post;

/**
 * Decides which posts are public, so that they may leave WordPress.
 */
final class Visibility
{
    /** Returns whether a post is published, without a password, of a type with pages, and not excluded. */
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
         * Filters whether a public post is published into PeerPress. The filter is not called for other posts.
         *
         * @param bool    $publish Default true.
         * @param WP_Post $post    The post.
         */
        return (bool) apply_filters('peerpress_publish_post', true, $post);
    }

    /**
     * Returns the post types that have pages. Attachments are media, which are published with the posts that show them.
     *
     * @return string[]
     */
    public static function types(): array
    {
        $viewable = array_filter(get_post_types(), 'is_post_type_viewable');
        return array_values(array_diff($viewable, ['attachment']));
    }
}
