<?php

namespace PeerPress\Posts;

use WP_Post;

/**
 * Notices changes of what several posts may show: media, synced patterns, and the addresses of pages above others. The
 * posts that are concerned are searched for later, from WP-Cron.
 */
final class SharedContent
{
    /** Posts that one deleted featured image updates within its request. */
    private const MAX_POSTS = 500;

    /** @var array<string, bool> Attachments that this request uploaded: no post shows them yet. */
    private static array $uploads = [];

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('attachment_updated', [self::class, 'onMedia']);
        add_action('delete_attachment', [self::class, 'onMediaDelete']);
        add_filter('wp_update_attachment_metadata', [self::class, 'onMetadata'], 10, 2);
        add_filter('update_attached_file', [self::class, 'onFile'], 10, 2);
        add_action('wp_after_insert_post', [self::class, 'onPattern'], 20, 4);
        add_action('before_delete_post', [self::class, 'onPatternDelete'], 20, 2);
        add_action('post_updated', [self::class, 'onMove'], 20, 3);
    }

    /** An attachment was edited or replaced. */
    public static function onMedia(int $id): void
    {
        if (! isset(self::$uploads[get_current_blog_id() . ':' . $id])) {
            Backfill::some(['kind' => PostSearch::MEDIA, 'id' => $id, 'path' => self::path($id)]);
        }
    }

    /** An attachment is about to be deleted. WordPress takes it from the posts whose featured image it is. */
    public static function onMediaDelete(int $id): void
    {
        global $wpdb;
        self::onMedia($id);
        $posts = $wpdb->get_col($wpdb->prepare(
            "SELECT post_id FROM $wpdb->postmeta WHERE meta_key = '_thumbnail_id' AND meta_value = %s LIMIT %d",
            (string) $id,
            self::MAX_POSTS
        ));
        foreach (array_filter(array_map('get_post', $posts)) as $post) {
            PostEvents::record($post);
        }
    }

    /**
     * An attachment gets its first file, with the upload, or another one.
     *
     * @param mixed $file
     * @return mixed The same value: this filter only listens.
     */
    public static function onFile($file, int $id)
    {
        if ('' === self::path($id)) {
            self::$uploads[get_current_blog_id() . ':' . $id] = true;
        }
        self::onMedia($id);
        return $file;
    }

    /**
     * An attachment gets other sizes.
     *
     * @param mixed $value
     * @return mixed The same value: this filter only listens.
     */
    public static function onMetadata($value, int $id)
    {
        self::onMedia($id);
        return $value;
    }

    /** A synced pattern was saved, put into the trash or taken out of it. */
    public static function onPattern(int $id, WP_Post $post, bool $isUpdate, ?WP_Post $before): void
    {
        if ('wp_block' === $post->post_type && null !== $before && self::isShown($post, $before)) {
            Backfill::some(['kind' => PostSearch::PATTERN, 'id' => $id]);
        }
    }

    /** A synced pattern is about to be deleted. */
    public static function onPatternDelete(int $id, WP_Post $post): void
    {
        if ('wp_block' === $post->post_type && 'publish' === $post->post_status) {
            Backfill::some(['kind' => PostSearch::PATTERN, 'id' => $id]);
        }
    }

    /** A page got another name or another page above it: so did the addresses of all pages below it. */
    public static function onMove(int $id, WP_Post $after, WP_Post $before): void
    {
        $isMoved = [$after->post_name, $after->post_parent] !== [$before->post_name, $before->post_parent];
        if ($isMoved && is_post_type_hierarchical($after->post_type) && 'publish' === $after->post_status) {
            Backfill::some(['kind' => PostSearch::CHILDREN, 'id' => $id]);
        }
    }

    private static function isShown(WP_Post $after, WP_Post $before): bool
    {
        return 'publish' === $after->post_status || 'publish' === $before->post_status;
    }

    /** The attachment's file as addresses have it, without its extension, so that its sizes begin with it. */
    private static function path(int $id): string
    {
        $file = (string) get_post_meta($id, '_wp_attached_file', true);
        return (string) preg_replace('/(-scaled)?\.[A-Za-z0-9]+$/D', '', $file);
    }
}
