<?php

namespace PeerPress\Admin;

use PeerPress\Posts\PostSwitch;
use PeerPress\Posts\Visibility;
use PeerPress\Server\Connection;
use PeerPress\Server\Problem;
use PeerPress\Server\ServerRequest;
use WP_Error;
use WP_REST_Request;

use const PeerPress\FILE;
use const PeerPress\VERSION;

/**
 * The community in wp-admin: membership and standing on the settings page, and beside the editor a button that shares
 * the post. A script requests the state, so that pages of wp-admin never wait for the server.
 */
final class Community
{
    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('rest_api_init', [self::class, 'registerRoutes']);
        add_action('admin_enqueue_scripts', [self::class, 'addScript'], 20);
    }

    /** Adds the routes for the script. */
    public static function registerRoutes(): void
    {
        $isOwner = static function (): bool {
            return current_user_can(Settings::CAPABILITY);
        };
        register_rest_route(Receipts::API, '/community', [
            'methods' => 'GET',
            'callback' => [self::class, 'state'],
            'permission_callback' => $isOwner,
        ]);
        foreach (['join', 'leave'] as $action) {
            register_rest_route(Receipts::API, "/community/$action", [
                'methods' => 'POST',
                'callback' => static function () use ($action) {
                    return self::ask("community/$action", []);
                },
                'permission_callback' => $isOwner,
            ]);
        }
        register_rest_route(Receipts::API, '/posts/(?P<id>\d+)/community', [
            [
                'methods' => 'GET',
                'callback' => [self::class, 'stateOfPost'],
                'permission_callback' => [PostSwitch::class, 'mayEdit'],
            ],
            [
                'methods' => 'POST',
                'callback' => [self::class, 'share'],
                'permission_callback' => [self::class, 'mayShare'],
            ],
        ]);
    }

    /** Returns whether the user may publish the post in a request's path, so that the user may share it. */
    public static function mayShare(WP_REST_Request $request): bool
    {
        return PostSwitch::mayEdit($request) && current_user_can('publish_post', (int) $request['id']);
    }

    /**
     * Returns membership and standing, as text.
     *
     * @return array|WP_Error
     */
    public static function state()
    {
        return self::ask('community', []);
    }

    /**
     * Returns what became of a post.
     *
     * @return array|WP_Error
     */
    public static function stateOfPost(WP_REST_Request $request)
    {
        $post = get_post((int) $request['id']);
        if (! Visibility::isPublic($post)) {
            $text = __('Only a published post can be shared with the community.', 'peerpress');
            return ['text' => $text, 'actions' => [], 'link' => ''];
        }
        return self::ask('community', ['post' => (string) $post->ID]);
    }

    /**
     * Shares a post.
     *
     * @return array|WP_Error
     */
    public static function share(WP_REST_Request $request)
    {
        return self::ask('community/share', ['post' => (string) (int) $request['id']]);
    }

    /** Adds the script to the settings page and to the editors. */
    public static function addScript(string $screen): void
    {
        $isOurs = Settings::SCREEN === $screen || wp_script_is('peerpress-receipts', 'enqueued');
        if (! $isOurs || null === Connection::current()) {
            return;
        }
        $needs = ['wp-api-fetch', 'wp-dom-ready'];
        wp_enqueue_script('peerpress-community', plugins_url('admin/community.js', FILE), $needs, VERSION, true);
        wp_localize_script('peerpress-community', 'peerpressCommunity', [
            'join' => __('Join the community', 'peerpress'),
            'leave' => __('Leave the community', 'peerpress'),
            'share' => __('Share with the community', 'peerpress'),
            'open' => __('Open the community', 'peerpress'),
            'failed' => __('This site gave no answer. Reload the page.', 'peerpress'),
            'leaveHelp' => __('What this site shared leaves the feed with it. Leave?', 'peerpress'),
        ]);
    }

    /** Prints the element that the script fills. Zero stands for the site. */
    public static function printPlace(int $post): void
    {
        printf('<div class="peerpress-community" data-post="%d" aria-live="polite">…</div>', (int) $post);
    }

    /**
     * Sends a signed message and returns the answer as text, with what the user can do next.
     *
     * @return array|WP_Error
     */
    private static function ask(string $path, array $message)
    {
        $connection = Connection::current();
        if (null === $connection) {
            return new WP_Error('peerpress', __('This site is not connected.', 'peerpress'), ['status' => 409]);
        }
        $answer = ServerRequest::post($connection, $path, $message);
        $status = (int) wp_remote_retrieve_response_code($answer);
        if (200 !== $status) {
            $why = is_wp_error($answer) ? $answer->get_error_message() : Problem::describe($answer);
            return new WP_Error('peerpress', $why, ['status' => 502]);
        }
        $body = json_decode(wp_remote_retrieve_body($answer), true);
        return CommunityText::of(is_array($body) ? $body : [], isset($message['post']));
    }
}
