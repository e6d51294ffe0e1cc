<?php

namespace PeerPress\Admin;

use PeerPress\Server\Connection;
use PeerPress\Server\ServerRequest;
use WP_REST_Response;

use const PeerPress\FILE;
use const PeerPress\VERSION;

/**
 * Shows the server's briefs beside the block editor: what to write, for whom and from what. Nothing is written into the
 * post. A script requests the briefs when their panel is opened, so that pages of wp-admin never wait for the server.
 */
final class Briefs
{
    private const TRANSIENT = 'peerpress_briefs';
    /** Seconds for which the list is cached. It is made once a day, or on request. */
    private const LIFETIME = 60;

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('rest_api_init', [self::class, 'registerRoute']);
    }

    /** Adds the route for the editor's script. Evidence is for those who publish, not for every contributor. */
    public static function registerRoute(): void
    {
        register_rest_route(Receipts::API, '/briefs', [
            'methods' => 'GET',
            'callback' => [self::class, 'answer'],
            'permission_callback' => static function (): bool {
                return current_user_can('publish_posts');
            },
        ]);
    }

    /** Adds the panel's script to a block editor of a connected site. */
    public static function addScript(): void
    {
        if (! current_user_can('publish_posts')) {
            return;
        }
        $needs = ['wp-api-fetch', 'wp-plugins', 'wp-edit-post', 'wp-element', 'wp-data', 'wp-components'];
        wp_enqueue_script('peerpress-briefs', plugins_url('admin/briefs.js', FILE), $needs, VERSION, true);
        wp_localize_script('peerpress-briefs', 'peerpressBriefText', [
            'title' => __('PeerPress briefs', 'peerpress'),
            'brief' => __('Brief', 'peerpress'),
            'loading' => __('Loading…', 'peerpress'),
            'none' => __('There is no brief today.', 'peerpress'),
            'failed' => __('The server gave no answer. Open this panel again later.', 'peerpress'),
            'thisPost' => __('For this post', 'peerpress'),
            'titles' => __('Titles', 'peerpress'),
            'descriptions' => __('Descriptions, to be rewritten', 'peerpress'),
            'outline' => __('Outline', 'peerpress'),
            'links' => __('Link to', 'peerpress'),
            'facts' => __('Facts', 'peerpress'),
        ]);
    }

    /** Returns the briefs of the last list, or the status 502 if the server does not answer. */
    public static function answer(): WP_REST_Response
    {
        $stored = get_transient(self::TRANSIENT);
        if (is_array($stored)) {
            return new WP_REST_Response(['briefs' => $stored]);
        }
        $connection = Connection::current();
        $answer = null === $connection ? null : ServerRequest::post($connection, 'briefs', []);
        $isAnswer = null !== $answer && 200 === (int) wp_remote_retrieve_response_code($answer);
        $body = $isAnswer ? json_decode(wp_remote_retrieve_body($answer), true) : null;
        if (! is_array($body) || ! is_array($body['briefs'] ?? null)) {
            return new WP_REST_Response(['code' => 'no-answer'], 502);
        }
        $briefs = array_values(array_filter($body['briefs'], 'is_array'));
        set_transient(self::TRANSIENT, $briefs, self::LIFETIME);
        return new WP_REST_Response(['briefs' => $briefs]);
    }

    /** Deletes the cached list, so that the next request queries the server. */
    public static function forget(): void
    {
        delete_transient(self::TRANSIENT);
    }
}
