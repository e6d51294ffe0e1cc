<?php

namespace PeerPress\Posts;

use PeerPress\Admin\Settings;
use PeerPress\Delivery\Delivery;
use PeerPress\Server\Connection;

/**
 * Puts many posts into the outbox: all that were there before connecting, or all that something else changes, such as
 * a picture or a synced pattern. A site may have ten thousand, so it works in steps, from WP-Cron. A step that was
 * killed is repeated.
 */
final class Backfill
{
    /** Name of the form's action. */
    public const ACTION = 'peerpress_publish_existing';

    private const HOOK = 'peerpress_backfill';
    /** Seconds that one run may take. */
    private const RUN_TIME = 15;
    private const SHORT_RUN_TIME = 3;
    /** More searches than this are one for all posts, later: somebody changes all pictures one by one. */
    private const MAX_SEARCHES = 20;
    private const ALL_DELAY = 10 * MINUTE_IN_SECONDS;

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('admin_post_' . self::ACTION, [self::class, 'onSubmit']);
        add_action(self::HOOK, [self::class, 'run']);
        add_action('permalink_structure_changed', [self::class, 'all']);
    }

    /** The button "Publish existing posts" was pressed. */
    public static function onSubmit(): void
    {
        Settings::authorize(self::ACTION);
        self::all();
        Settings::redirect('queued');
    }

    /** Publishes all public posts. */
    public static function all(): void
    {
        if (null === Connection::current()) {
            return;
        }
        PostSearch::add(['kind' => PostSearch::ALL]);
        self::schedule(time());
        Delivery::hasten();
    }

    /**
     * Publishes the posts that a search finds.
     *
     * @param array $search Of PostSearch.
     */
    public static function some(array $search): void
    {
        if (null === Connection::current() || PostSearch::isCovered()) {
            return;
        }
        if (PostSearch::count() >= self::MAX_SEARCHES) {
            PostSearch::forgetAll();
            PostSearch::add(['kind' => PostSearch::ALL, 'due' => time() + self::ALL_DELAY]);
        } else {
            PostSearch::add($search);
        }
        self::schedule(PostSearch::nextDue() ?? time());
        Delivery::hasten();
    }

    /**
     * Works through the searches for some seconds.
     *
     * @param int|string $after A post id in an entry that release 0.1 of the plugin scheduled.
     */
    public static function run($after = '', int $seconds = self::RUN_TIME): void
    {
        if (null === Connection::current()) {
            return;
        }
        if (is_int($after)) {
            PostSearch::add(['kind' => PostSearch::ALL, 'after' => $after]);
        }
        // If this process dies, another one goes on when its claim has run out.
        self::schedule(time() + PostSearch::LEASE);
        $end = time() + $seconds;
        while (time() < $end && null !== ($search = PostSearch::claim())) {
            do {
                $isOurs = self::publishAll($search, $search->step());
            } while ($isOurs && $search->keepStep() && time() < $end);
            $search->release();
        }
        self::schedule(PostSearch::nextDue());
    }

    /** Schedules again what is missing, or does a step of it where nobody runs the site's cron. */
    public static function repair(): void
    {
        $due = PostSearch::nextDue();
        if (null === $due) {
            return;
        }
        $scheduled = wp_next_scheduled(self::HOOK);
        if (false === $scheduled || $scheduled > $due + PostSearch::LEASE) {
            self::schedule($due);
            Delivery::hasten();
        } elseif ($scheduled < time() - Delivery::OVERDUE && Delivery::isBehindTheScenes() && ! wp_doing_cron()) {
            self::run('', self::SHORT_RUN_TIME);
        }
    }

    /** Takes the scheduled steps. */
    public static function stop(): void
    {
        wp_unschedule_hook(self::HOOK);
        PostSearch::forgetAll();
    }

    /**
     * False when the search was begun again meanwhile.
     *
     * @param int[] $ids
     */
    private static function publishAll(PostSearch $search, array $ids): bool
    {
        foreach ($ids as $id) {
            self::publish($search, $id);
            if (! $search->keep($id)) {
                return false;
            }
        }
        return true;
    }

    private static function publish(PostSearch $search, int $id): void
    {
        $post = get_post($id);
        if (null === $post) {
            return;
        }
        $next = $search->searchThrough($post);
        if (null !== $next) {
            self::some($next);
        }
        if (Visibility::isPublic($post)) {
            PostEvents::record($post);
        }
    }

    private static function schedule(?int $time): void
    {
        if (($time ?? false) === wp_next_scheduled(self::HOOK)) {
            return;
        }
        wp_unschedule_hook(self::HOOK);
        if (null !== $time) {
            wp_schedule_single_event($time, self::HOOK);
        }
    }
}
