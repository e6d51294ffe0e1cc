<?php

namespace PeerPress\Tests\Editorial;

use PeerPress\Server\Signature;
use PeerPress\Tests\WordPressTestCase;
use WP_REST_Request;
use WP_REST_Response;

/**
 * A test that sends commands as the server does.
 */
abstract class EditorialTestCase extends WordPressTestCase
{
    private static int $sent = 0;

    protected function setUp(): void
    {
        parent::setUp();
        $this->connect();
    }

    /** Sends a command of this site's server. */
    protected function command(string $command, array $fields, ?string $id = null): WP_REST_Response
    {
        $content = ['command' => $command, 'site' => self::ANSWER['site']] + $fields;
        return $this->send(wp_json_encode($content), $id ?? 'cmd_' . ++self::$sent);
    }

    /** Sends a message, signed with the site's secret unless another one is given. */
    protected function send(string $body, string $id, ?int $time = null, ?string $secret = null): WP_REST_Response
    {
        $request = new WP_REST_Request('POST', '/peerpress/v1/commands');
        $headers = Signature::headers($secret ?? self::ANSWER['webhookSecret'], $id, $time ?? time(), $body);
        foreach ($headers as $name => $value) {
            $request->set_header($name, $value);
        }
        $request->set_header('content-type', 'application/json');
        $request->set_body($body);
        return rest_do_request($request);
    }

    /** Adds a published post. */
    protected function post(array $fields = []): int
    {
        $fields += ['post_title' => 'Bread', 'post_content' => 'Flour.', 'post_status' => 'publish'];
        return wp_insert_post($fields);
    }
}
