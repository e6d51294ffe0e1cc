<?php

namespace PeerPress\Posts;

use PeerPress\Delivery\Delivery;
use PeerPress\Delivery\Outbox;
use PeerPress\Server\Connection;
use WP_Post;

/**
 * Turns what happens to posts into outbox events. What counts is what readers may see now and what the server was told
 * last, not the name of the hook; saves that nobody has tried to send yet become one event.
 */
final class PostEvents
{
    public const PUBLISHED = 'post.published';
    public const UPDATED = 'post.updated';
    public const UNPUBLISHED = 'post.unpublished';
    public const DELETED = 'post.deleted';

    /**
     * @var array<string, array{announced: string|null, row: int|null}> For each post with an event of this request:
     *      the address that the server knew before, and the event's row.
     */
    private static array $changes = [];

    /**
     * @var array<int, int[]> By blog, rows that this request wrote. Until it ends, cron runs leave them alone: the next
     *      step of the same save would make a second event of one that is in flight.
     */
    private static array $held = [];

    /** Registers the hooks. */
    public static function init(): void
    {
        // The first hook has the event on disk before anything can go wrong; the second sees the final permalink.
        add_action('transition_post_status', [self::class, 'onTransition'], 20, 3);
        add_action('wp_after_insert_post', [self::class, 'onSaved'], 20, 2);
        add_action('before_delete_post', [self::class, 'onDelete'], 20, 2);
        foreach (['added_post_meta', 'updated_post_meta', 'deleted_post_meta'] as $hook) {
            add_action($hook, [self::class, 'onMeta'], 20, 3);
        }
    }

    /** A post was saved or its status changed. */
    public static function onTransition(string $new, string $old, WP_Post $post): void
    {
        self::record($post);
    }

    /** A post was saved with its terms and fields. */
    public static function onSaved(int $id, WP_Post $post): void
    {
        self::record($post);
    }

    /** A post is about to be deleted for good. */
    public static function onDelete(int $id, WP_Post $post): void
    {
        self::write($post, static function (?string $announced): ?array {
            return null === $announced ? null : [self::DELETED, $announced];
        });
    }

    /**
     * A post got another featured image, or none.
     *
     * @param int|int[] $metaId
     */
    public static function onMeta($metaId, int $id, string $key): void
    {
        // Deleted from all posts at once, it has no post; get_post() would take the one that is being shown.
        $post = '_thumbnail_id' === $key && 0 !== $id ? get_post($id) : null;
        if (null !== $post) {
            self::record($post);
        }
    }

    /** The request is over: what it wrote may be sent. */
    public static function finish(): void
    {
        foreach (self::$held as $blog => $rows) {
            $isElsewhere = get_current_blog_id() !== $blog;
            if ($isElsewhere) {
                switch_to_blog($blog);
            }
            Outbox::makeDue($rows);
            Delivery::request();
            if ($isElsewhere) {
                restore_current_blog();
            }
        }
        self::$held = [];
    }

    /** Writes the event that a post's present state calls for, if any. */
    public static function record(WP_Post $post): void
    {
        if (wp_is_post_revision($post) || wp_is_post_autosave($post)) {
            return;
        }
        self::write($post, static function (?string $announced) use ($post): ?array {
            if (Visibility::isPublic($post)) {
                return [null === $announced ? self::PUBLISHED : self::UPDATED, (string) get_permalink($post)];
            }
            // The permalink of a draft is not the one that readers knew.
            return null === $announced ? null : [self::UNPUBLISHED, $announced];
        });
    }

    /**
     * @param callable $decide From the address that the server knows to [type, address], or null for no event.
     */
    private static function write(WP_Post $post, callable $decide): void
    {
        if (null === Connection::current()) {
            return;
        }
        $key = get_current_blog_id() . ':' . $post->ID;
        $change = self::$changes[$key] ?? Outbox::stateOf($post->ID);
        $event = $decide($change['announced']);
        // An event that still waits, of this request or an earlier one, makes way for the present state. One that is in
        // flight by now is followed by another.
        while (null !== $change['row'] && ! Outbox::replace($change['row'], $event)) {
            $last = $change['row'];
            $change = Outbox::stateOf($post->ID);
            $change['row'] = $change['row'] === $last ? null : $change['row'];
            $event = $decide($change['announced']);
        }
        if (null === $event) {
            unset(self::$changes[$key]);
            return;
        }
        if (null === $change['row']) {
            $change['row'] = Outbox::add($event[0], $post->ID, $event[1], true);
        }
        self::$changes[$key] = $change;
        self::$held[get_current_blog_id()][$change['row']] = $change['row'];
        Delivery::request();
    }
}
