<?php

namespace PeerPress\Delivery;

use PeerPress\Admin\Settings;
use PeerPress\Posts\PostEvents;
use PeerPress\Server\Connection;
use PeerPress\Server\PartVersions;
use PeerPress\Server\ServerAnswer;
use PeerPress\Server\ServerRequest;

/**
 * Sends the events of the outbox to the server: from WP-Cron, or at the end of a request that shows no page.
 */
final class Delivery
{
    /** Name of the form's action. */
    public const ACTION = 'peerpress_send_now';
    /** Seconds after which a scheduled run is overdue, because nothing runs the site's cron. */
    public const OVERDUE = 10 * MINUTE_IN_SECONDS;

    private const HOOK = 'peerpress_deliver';
    private const SWEEP_HOOK = 'peerpress_sweep';
    /** Maximum seconds of one run, well below the usual limits of hosts. */
    private const RUN_TIME = 20;
    /** The same for a run in a request that a person may wait for. */
    private const SHORT_RUN_TIME = 3;
    /** Maximum bytes of the events in one message. The server accepts messages of 64 KiB. */
    private const LARGEST_MESSAGE = 60000;

    /** Whether this request added an event to the outbox, so that cron must start at its end. */
    private static bool $isAwaited = false;

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action(self::HOOK, [self::class, 'run']);
        add_action(self::SWEEP_HOOK, [self::class, 'sweep']);
        add_action('admin_post_' . self::ACTION, [self::class, 'onSubmit']);
        add_action('shutdown', [self::class, 'hurry'], PHP_INT_MAX);
    }

    /** Schedules the delivery of a site that has just connected, and forgets earlier failures. */
    public static function start(): void
    {
        Repair::allow();
        Pause::forget();
        self::repair();
    }

    /** Unschedules all deliveries. */
    public static function stop(): void
    {
        Repair::forget();
        Pause::forget();
        wp_unschedule_hook(self::HOOK);
        wp_unschedule_hook(self::SWEEP_HOOK);
    }

    /** Handles the button "Try again now": ends the pause and retries all events, given up ones included. */
    public static function onSubmit(): void
    {
        Settings::authorize(self::ACTION);
        Pause::forget();
        Outbox::retryAll();
        self::request();
        Settings::redirect('sending');
    }

    /** Schedules a delivery, because the outbox has a new event. */
    public static function request(): void
    {
        self::hasten();
        $opensAt = Pause::opensAt();
        if (null === $opensAt) {
            return;
        }
        $time = max(time(), $opensAt);
        $scheduled = wp_next_scheduled(self::HOOK);
        if (false === $scheduled || $scheduled > $time) {
            self::reschedule($time);
        }
    }

    /** Starts cron at the end of this request. */
    public static function hasten(): void
    {
        self::$isAwaited = true;
    }

    /**
     * Starts cron at the end of a request that added events, so that they do not wait for the next visit. WP-CLI, and
     * requests of sites with `DISABLE_WP_CRON`, send some events themselves. Requests that show a page to a reader do
     * nothing.
     */
    public static function hurry(): void
    {
        PostEvents::finish();
        if (wp_doing_cron()) {
            // Sends events of posts that cron has just published, and events of requests that found cron running.
            self::run();
            return;
        }
        if (! self::$isAwaited || ! self::isBehindTheScenes()) {
            return;
        }
        if (self::isCommandLine()) {
            self::run(self::SHORT_RUN_TIME);
            return;
        }
        $isAnswered = self::finishResponse();
        if (! defined('DISABLE_WP_CRON') || ! DISABLE_WP_CRON) {
            spawn_cron();
        } elseif ($isAnswered) {
            self::run(self::SHORT_RUN_TIME);
        }
    }

    /** Returns whether no reader waits for this request: the dashboard, REST, XML-RPC, WP-CLI or cron. */
    public static function isBehindTheScenes(): bool
    {
        $isRemote = (defined('REST_REQUEST') && REST_REQUEST) || (defined('XMLRPC_REQUEST') && XMLRPC_REQUEST);
        return is_admin() || $isRemote || self::isCommandLine() || wp_doing_cron();
    }

    /**
     * Sends the events that are due and schedules the next run for the others.
     *
     * @param int|string $seconds Maximum seconds of the run. WP-Cron passes an empty string.
     */
    public static function run($seconds = self::RUN_TIME): void
    {
        PostEvents::finish();
        $connection = Connection::current();
        $next = null === $connection ? null : self::nextRun();
        if (null === $next) {
            return;
        }
        // If this process dies while it sends, its claims expire then, and the next run sends the events again.
        self::reschedule($next > time() ? $next : time() + Outbox::LEASE);
        $end = time() + (is_int($seconds) ? $seconds : self::RUN_TIME);
        while (time() < $end && Pause::isOpen() && [] !== ($events = Outbox::claim(Pause::batch()))) {
            foreach (self::messages($events) as $message) {
                self::deliver($connection, $message);
            }
        }
        if (null === Connection::storedNow()) {
            // The site was disconnected while a message was in flight. The answer was recorded after that.
            self::stop();
            return;
        }
        self::reschedule(self::nextRun());
    }

    /** Sends the events that are due and new versions of plugins, and deletes old delivered events. Runs hourly. */
    public static function sweep(): void
    {
        Outbox::prune();
        self::run();
        PartVersions::send();
    }

    /** Schedules missing runs again, for example after a plugin deleted the site's cron entries. */
    public static function repair(): void
    {
        if (! wp_next_scheduled(self::SWEEP_HOOK)) {
            wp_schedule_event(time() + HOUR_IN_SECONDS, 'hourly', self::SWEEP_HOOK);
        }
        $next = self::nextRun();
        $scheduled = wp_next_scheduled(self::HOOK);
        if (null === $next) {
            return;
        }
        if (false === $scheduled || $scheduled > $next + Outbox::LEASE) {
            self::reschedule($next);
            self::hasten();
        } elseif ($scheduled < time() - self::OVERDUE && self::isBehindTheScenes() && ! wp_doing_cron()) {
            self::finishResponse();
            self::run(self::SHORT_RUN_TIME);
        }
    }

    /** Returns the Unix time of the next run; null if the outbox has nothing to send or waits for the owner. */
    private static function nextRun(): ?int
    {
        $opensAt = Pause::opensAt();
        $next = null === $opensAt ? null : Outbox::nextAttemptAt();
        return null === $next ? null : max($next, $opensAt, time());
    }

    /** Moves the next run; null for none. WordPress refuses a second entry within ten minutes of the first. */
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

    /**
     * Splits claimed events into messages that the server accepts.
     *
     * @param object[] $events
     * @return object[][]
     */
    private static function messages(array $events): array
    {
        $messages = [];
        $size = self::LARGEST_MESSAGE;
        foreach ($events as $event) {
            $length = strlen((string) wp_json_encode(self::content($event), JSON_UNESCAPED_SLASHES));
            $size += $length;
            if ($size > self::LARGEST_MESSAGE) {
                $messages[] = [];
                $size = $length;
            }
            $messages[count($messages) - 1][] = $event;
        }
        return $messages;
    }

    /**
     * Sends claimed events in one message and records what became of each.
     *
     * @param object[] $events
     */
    private static function deliver(Connection $connection, array $events): void
    {
        if (! Pause::isOpen()) {
            // An earlier message of the same claim began the pause.
            self::release($events, '', Pause::opensAt());
            return;
        }
        $isBatch = count($events) > 1;
        $answer = ServerAnswer::read(self::post($connection, $events), $isBatch);
        switch ($answer->kind) {
            case ServerAnswer::ACCEPTED:
                self::record($events, $answer->refused);
                Pause::end();
                return;
            case ServerAnswer::REFUSED:
                if ($isBatch) {
                    Pause::sendSingles();
                    self::release($events, $answer->error, time());
                } else {
                    Outbox::refused($events[0], $answer->error);
                }
                return;
            case ServerAnswer::FAILED:
                self::fail($events, $answer);
                return;
            default:
                self::release($events, $answer->error, Pause::begin($answer));
        }
    }

    /**
     * Records what became of the events of a message that the server accepted.
     *
     * @param object[]              $events
     * @param array<string, string> $refused Reasons by event id.
     */
    private static function record(array $events, array $refused): void
    {
        $accepted = [];
        foreach ($events as $event) {
            $reason = $refused[$event->event_id] ?? null;
            if (null === $reason) {
                $accepted[] = $event;
            } else {
                Outbox::refused($event, $reason);
            }
        }
        Outbox::delivered($accepted);
    }

    /** Records a failed message. A single event counts the failure; in a batch the failing event is unknown. */
    private static function fail(array $events, ServerAnswer $answer): void
    {
        $until = time();
        if ('' !== $answer->code) {
            $until = Pause::begin($answer);
        } elseif (count($events) > 1) {
            Pause::sendSingles();
        }
        if (1 === count($events)) {
            Outbox::failed($events[0], $answer->error);
        } else {
            self::release($events, $answer->error, $until);
        }
    }

    private static function release(array $events, string $error, ?int $due): void
    {
        foreach ($events as $event) {
            Outbox::release($event, '' === $error ? (string) $event->last_error : $error, $due ?? time());
        }
    }

    /** Sends one event in the format that release 0.1 of the server accepts, or several as a batch. */
    private static function post(Connection $connection, array $events)
    {
        if (1 === count($events)) {
            $content = self::content($events[0]);
            unset($content['id']);
            return ServerRequest::post($connection, 'events', $content, $events[0]->event_id);
        }
        $batch = ['type' => 'batch', 'events' => array_map([self::class, 'content'], $events)];
        return ServerRequest::post($connection, 'events', $batch);
    }

    private static function content(object $event): array
    {
        return [
            'id' => $event->event_id,
            'type' => $event->type,
            'timestamp' => gmdate('Y-m-d\TH:i:s\Z', strtotime($event->created_at . ' UTC')),
            'data' => ['post' => (string) $event->post_id, 'url' => $event->url],
        ];
    }

    private static function isCommandLine(): bool
    {
        return defined('WP_CLI') && WP_CLI;
    }

    /** Ends the response before the request's work is done. Returns false if PHP cannot do that. */
    private static function finishResponse(): bool
    {
        if (function_exists('fastcgi_finish_request')) {
            return fastcgi_finish_request();
        }
        if (function_exists('litespeed_finish_request')) {
            return litespeed_finish_request();
        }
        return false;
    }
}
