<?php

namespace PeerPress\Posts;

use PeerPress\Delivery\Delivery;
use PeerPress\Delivery\Outbox;
use PeerPress\Server\Connection;
use WP_Post;

/**
 * Adds events to the outbox when posts change. The event follows from the post's visibility now and from the state that
 * was sent to the server last, not from the hook. Several unsent saves become one event.
 */
final class PostEvents
{
    public const PUBLISHED = 'post.published';
    public const UPDATED = 'post.updated';
    public const UNPUBLISHED = 'post.unpublished';
    public const DELETED = 'post.deleted';

    /**
     * @var array<string, array{announced: string|null, row: int|null}> For each post with an event of this request:
     *      the address that the server had before, and the event's row.
     */
    private static array $changes = [];

    /**
     * @var array<int, int[]> Rows of this request by blog. They are held until its end, because the next step of the
     *      same save could not replace an event that is in flight.
     */
    private static array $held = [];

    /** Registers the hooks. */
    public static function init(): void
    {
        // The first hook stores the event as early as possible. The second one has the final permalink.
        add_action('transition_post_status', [self::class, 'onTransition'], 20, 3);
        add_action('wp_after_insert_post', [self::class, 'onSaved'], 20, 2);
        add_action('before_delete_post', [self::class, 'onDelete'], 20, 2);
        foreach (['added_post_meta', 'updated_post_meta', 'deleted_post_meta'] as $hook) {
            add_action($hook, [self::class, 'onMeta'], 20, 3);
        }
    }

    /** Records a post whose status changed or that was saved. */
    public static function onTransition(string $new, string $old, WP_Post $post): void
    {
        self::record($post);
    }

    /** Records a post that was saved with its terms and fields. */
    public static function onSaved(int $id, WP_Post $post): void
    {
        self::record($post);
    }

    /** Records a post before it is deleted permanently. */
    public static function onDelete(int $id, WP_Post $post): void
    {
        self::write($post, static function (?string $announced): ?array {
            return null === $announced ? null : [self::DELETED, $announced];
        });
    }

    /**
     * Records a post whose featured image changed.
     *
     * @param int|int[] $metaId
     */
    public static function onMeta($metaId, int $id, string $key): void
    {
        // If the field is deleted from all posts at once, the id is 0. get_post(0) would return the shown post.
        $post = '_thumbnail_id' === $key && 0 !== $id ? get_post($id) : null;
        if (null !== $post) {
            self::record($post);
        }
    }

    /** Makes the events of this request due at its end. */
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

    /** Adds the event that the post's present state requires, if any. */
    public static function record(WP_Post $post): void
    {
        if (wp_is_post_revision($post) || wp_is_post_autosave($post)) {
            return;
        }
        self::write($post, static function (?string $announced) use ($post): ?array {
            if (Visibility::isPublic($post)) {
                return [null === $announced ? self::PUBLISHED : self::UPDATED, (string) get_permalink($post)];
            }
            // The permalink of a draft differs from the published one.
            return null === $announced ? null : [self::UNPUBLISHED, $announced];
        });
    }

    /**
     * @param callable $decide Maps the address that the server has to [type, address], or to null for no event.
     */
    private static function write(WP_Post $post, callable $decide): void
    {
        if (null === Connection::current()) {
            return;
        }
        $key = get_current_blog_id() . ':' . $post->ID;
        $change = self::$changes[$key] ?? Outbox::stateOf($post->ID);
        $event = $decide($change['announced']);
        // An unattempted event, of this request or an earlier one, is replaced. An event that is in flight by now is
        // followed by another one.
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
