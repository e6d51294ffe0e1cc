<?php

namespace PeerPress\Editorial;

use PeerPress\Admin\Receipts;
use PeerPress\Posts\PostSwitch;
use PeerPress\Server\Connection;
use PeerPress\Server\ServerRequest;
use WP_REST_Request;

/**
 * Shows beside the block editor what the server knows of a post: the brief that it answers, and what the gates said of
 * the draft that it comes from. A script requests it, so that the editor never waits for the server.
 */
final class PostPanel
{
    private const TRANSIENT = 'peerpress_panel_';
    /** Seconds for which an answer is cached. A server that does not answer is not asked again before. */
    private const LIFETIME = 30;
    /** Maximum entries of a list, and characters of a text. */
    private const MOST = 100;
    private const LONGEST = 1000;

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('rest_api_init', [self::class, 'registerRoute']);
    }

    /** Adds the route for the script beside the editor. */
    public static function registerRoute(): void
    {
        register_rest_route(Receipts::API, '/posts/(?P<id>\d+)/panel', [
            'methods' => 'GET',
            'callback' => [self::class, 'answer'],
            'permission_callback' => [PostSwitch::class, 'mayEdit'],
        ]);
    }

    /** Returns `{lines: [{heading, texts}]}`, all of it plain text; no lines if there is nothing to show. */
    public static function answer(WP_REST_Request $request): array
    {
        $id = (int) $request['id'];
        $known = get_transient(self::TRANSIENT . $id);
        if (! is_array($known)) {
            $known = self::ask($id);
            set_transient(self::TRANSIENT . $id, $known, self::LIFETIME);
        }
        $draft = is_array($known['draft'] ?? null) ? self::draft($known['draft']) : [];
        $brief = is_array($known['brief'] ?? null) ? self::brief($known['brief']) : [];
        return ['lines' => array_merge($draft, $brief)];
    }

    private static function ask(int $id): array
    {
        $connection = Connection::current();
        $answer = null === $connection ? null : ServerRequest::post($connection, 'panel', ['post' => (string) $id]);
        $isAnswered = is_array($answer) && 200 === wp_remote_retrieve_response_code($answer);
        $body = $isAnswered ? json_decode(wp_remote_retrieve_body($answer), true) : null;
        return is_array($body) ? $body : [];
    }

    private static function draft(array $draft): array
    {
        $texts = array_filter((array) ($draft['refusals'] ?? []), 'is_string');
        if ([] === $texts) {
            $texts[] = sprintf(
                /* translators: 1: number of claims, 2: number of sources */
                __('It passed all gates: %1$d claims from %2$d sources.', 'peerpress'),
                (int) ($draft['claims'] ?? 0),
                (int) ($draft['sources'] ?? 0)
            );
        }
        $approver = self::text($draft, 'approvedBy');
        if ('' !== $approver) {
            /* translators: %s: a person's name */
            $texts[] = sprintf(__('Approved by %s.', 'peerpress'), $approver);
        }
        return [['heading' => __('Draft', 'peerpress'), 'texts' => self::plain($texts)]];
    }

    private static function brief(array $brief): array
    {
        $texts = array_filter([self::text($brief, 'why'), self::text($brief, 'readers')]);
        return [[
            /* translators: %s: a question that the post should answer */
            'heading' => sprintf(__('Brief: %s', 'peerpress'), self::text($brief, 'question')),
            'texts' => self::plain($texts),
        ]];
    }

    private static function text(array $record, string $field): string
    {
        $text = $record[$field] ?? '';
        return is_string($text) ? mb_substr(sanitize_text_field($text), 0, self::LONGEST) : '';
    }

    /**
     * @param string[] $texts
     * @return string[]
     */
    private static function plain(array $texts): array
    {
        return array_map(static function (string $text): string {
            return mb_substr(sanitize_text_field($text), 0, self::LONGEST);
        }, array_slice(array_values($texts), 0, self::MOST));
    }
}
