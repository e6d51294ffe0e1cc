<?php

namespace PeerPress;

/**
 * Sends the outbox to the server, from WP-Cron only: never while a reader waits for a page.
 */
final class Delivery
{
    private const HOOK = 'peerpress_deliver';
    private const SWEEP_HOOK = 'peerpress_sweep';
    /** Seconds that one run may take, well below the usual limits of hosts. */
    private const RUN_TIME = 20;

    /** Whether this request put something into the outbox. */
    private static bool $isAwaited = false;

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action(self::HOOK, [self::class, 'run']);
        add_action(self::SWEEP_HOOK, [self::class, 'sweep']);
        add_action('shutdown', [self::class, 'hurry'], PHP_INT_MAX);
    }

    /** From connecting on: an hourly look at the outbox finds what a killed process or a lost cron entry left. */
    public static function start(): void
    {
        if (! wp_next_scheduled(self::SWEEP_HOOK)) {
            wp_schedule_event(time() + HOUR_IN_SECONDS, 'hourly', self::SWEEP_HOOK);
        }
    }

    /** Takes all scheduled work. */
    public static function stop(): void
    {
        wp_unschedule_hook(self::HOOK);
        wp_unschedule_hook(self::SWEEP_HOOK);
    }

    /** Something new is in the outbox. */
    public static function request(): void
    {
        self::$isAwaited = true;
        $scheduled = wp_next_scheduled(self::HOOK);
        if (false === $scheduled || $scheduled > time()) {
            self::reschedule(time());
        }
    }

    /**
     * At the end of a request that filled the outbox, when its answer is out: cron is asked to start now instead of
     * with the next visit. A request that shows a page to a reader is left alone.
     */
    public static function hurry(): void
    {
        if (wp_doing_cron()) {
            // Events of posts it has just published, and of requests that could not start a second cron beside it.
            self::run();
            return;
        }
        $isBehindTheScenes = is_admin() || (defined('REST_REQUEST') && REST_REQUEST);
        if (! self::$isAwaited || ! $isBehindTheScenes || (defined('DISABLE_WP_CRON') && DISABLE_WP_CRON)) {
            return;
        }
        if (function_exists('fastcgi_finish_request')) {
            fastcgi_finish_request();
        } elseif (function_exists('litespeed_finish_request')) {
            litespeed_finish_request();
        }
        spawn_cron();
    }

    /** Sends what is due and schedules the next run for what is not. */
    public static function run(): void
    {
        $connection = Connection::current();
        $next = null === $connection ? null : Outbox::nextAttemptAt();
        if (null === $next) {
            return;
        }
        // If this process dies while it sends, its claim runs out then and the event goes out again.
        self::reschedule($next > time() ? $next : time() + Outbox::LEASE);
        $end = time() + self::RUN_TIME;
        while (time() < $end && null !== ($event = Outbox::claim())) {
            $error = self::send($connection, $event);
            if (null === $error) {
                Outbox::delivered($event);
            } else {
                Outbox::failed($event, $error);
            }
        }
        $next = Outbox::nextAttemptAt();
        self::reschedule(null === $next ? null : max($next, time()));
    }

    /** The hourly look: sends what is due, drops what is long delivered. */
    public static function sweep(): void
    {
        Outbox::prune();
        self::run();
    }

    /** Moves the next run; null for none. WordPress would refuse a second entry within ten minutes of the first. */
    private static function reschedule(?int $time): void
    {
        if (($time ?? false) === wp_next_scheduled(self::HOOK)) {
            return;
        }
        wp_unschedule_hook(self::HOOK);
        if (null !== $time) {
            wp_schedule_single_event($time, self::HOOK);
        }
    }

    /** Gives null, or what went wrong. */
    private static function send(Connection $connection, object $event): ?string
    {
        $answer = ServerRequest::post($connection, 'events', [
            'type' => $event->type,
            'timestamp' => gmdate('Y-m-d\TH:i:s\Z', strtotime($event->created_at . ' UTC')),
            'data' => ['post' => (string) $event->post_id, 'url' => $event->url],
        ], $event->event_id);
        if (is_wp_error($answer)) {
            return $answer->get_error_message();
        }
        $status = (int) wp_remote_retrieve_response_code($answer);
        return $status >= 200 && $status < 300 ? null : "HTTP $status " . Problem::title($answer);
    }
}
