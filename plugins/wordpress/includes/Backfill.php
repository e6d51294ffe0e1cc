<?php

namespace PeerPress;

/**
 * Puts the posts that were there before into the outbox, in batches: a site may have ten thousand.
 */
final class Backfill
{
    /** Name of the form's action. */
    public const ACTION = 'peerpress_publish_existing';

    private const HOOK = 'peerpress_backfill';
    private const BATCH = 200;

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('admin_post_' . self::ACTION, [self::class, 'onSubmit']);
        add_action(self::HOOK, [self::class, 'run']);
    }

    /** The button "Publish existing posts" was pressed. */
    public static function onSubmit(): void
    {
        Settings::authorize(self::ACTION);
        self::run(0);
        Settings::redirect('queued');
    }

    /** Takes the batch of posts after this post id, and schedules the next one. */
    public static function run(int $after): void
    {
        if (null === Connection::current()) {
            return;
        }
        $ids = self::idsAfter($after);
        foreach ($ids as $id) {
            $post = get_post((int) $id);
            if (null !== $post && Visibility::isPublic($post)) {
                PostEvents::record($post);
            }
        }
        if (count($ids) === self::BATCH) {
            wp_schedule_single_event(time(), self::HOOK, [(int) end($ids)]);
        }
    }

    /** Takes the scheduled batches. */
    public static function stop(): void
    {
        wp_unschedule_hook(self::HOOK);
    }

    /** By id instead of by page: posts that come and go between two batches shift no page. */
    private static function idsAfter(int $after): array
    {
        global $wpdb;
        $types = Visibility::types();
        $places = implode(',', array_fill(0, count($types), '%s'));
        return $wpdb->get_col($wpdb->prepare(
            "SELECT ID FROM $wpdb->posts WHERE ID > %d AND post_status = 'publish' AND post_password = ''
            AND post_type IN ($places) ORDER BY ID LIMIT %d",
            array_merge([$after], $types, [self::BATCH])
        ));
    }
}
