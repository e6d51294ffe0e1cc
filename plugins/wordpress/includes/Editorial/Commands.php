<?php

namespace PeerPress\Editorial;

use PeerPress\Admin\Receipts;
use WP_Error;
use WP_REST_Request;

/**
 * Carries out what a person approved on the server: titles and descriptions of posts, and drafts. The server sends each
 * command to `POST /peerpress/v1/commands`. Nothing here publishes a post or changes the text of a published one.
 */
final class Commands
{
    /** The commands and what carries them out. */
    private const HANDLERS = [
        'page.write' => [PageFields::class, 'write'],
        'draft.write' => [Drafts::class, 'write'],
    ];

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('rest_api_init', [self::class, 'registerRoute']);
    }

    /** Adds the route. */
    public static function registerRoute(): void
    {
        register_rest_route(Receipts::API, '/commands', [
            'methods' => 'POST',
            'callback' => [self::class, 'answer'],
            'permission_callback' => [self::class, 'verify'],
        ]);
    }

    /**
     * Returns true if the server signed the request.
     *
     * @return true|WP_Error
     */
    public static function verify(WP_REST_Request $request)
    {
        $message = CommandMessage::read($request);
        return is_wp_error($message) ? $message : true;
    }

    /**
     * Carries out the command once, however often its message arrives.
     *
     * @return array|WP_Error
     */
    public static function answer(WP_REST_Request $request)
    {
        $message = CommandMessage::read($request);
        if (is_wp_error($message)) {
            return $message;
        }
        $handler = self::HANDLERS[$message->command] ?? null;
        if (null === $handler) {
            $text = __('This release of the plugin does not know the command: update it.', 'peerpress');
            return CommandMessage::refuse('unknown-command', 422, $text);
        }
        if (! CommandLog::claim($message->id)) {
            $text = __('The command is being carried out.', 'peerpress');
            return CommandLog::answer($message->id) ?? CommandMessage::refuse('in-progress', 409, $text);
        }
        try {
            $answer = $handler($message);
        } catch (\Throwable $error) {
            CommandLog::release($message->id);
            throw $error;
        }
        if (is_wp_error($answer)) {
            CommandLog::release($message->id);
        } else {
            CommandLog::record($message->id, $answer);
        }
        return $answer;
    }
}
