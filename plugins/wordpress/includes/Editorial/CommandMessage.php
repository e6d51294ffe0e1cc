<?php

namespace PeerPress\Editorial;

use PeerPress\Server\Connection;
use PeerPress\Server\Signature;
use WP_Error;
use WP_REST_Request;

/**
 * A message of the server to this site, signed according to https://www.standardwebhooks.com/ with the site's secret.
 * Messages of this site to the server have no field `command`, so that none of them works in this direction.
 */
final class CommandMessage
{
    /** Maximum bytes of a message. */
    private const LARGEST = 256 * KB_IN_BYTES;
    /** Seconds by which the server's clock may differ. */
    private const TOLERANCE = 5 * MINUTE_IN_SECONDS;

    /** The same for every attempt of one command. */
    public string $id;
    /** The name of the command. */
    public string $command;
    /** The fields of the command. */
    public array $fields;

    private function __construct(string $id, array $content)
    {
        $this->id = $id;
        $this->command = $content['command'];
        $this->fields = $content;
    }

    /**
     * Verifies a request and decodes its command.
     *
     * @return self|WP_Error
     */
    public static function read(WP_REST_Request $request)
    {
        $connection = Connection::current();
        if (null === $connection || '' === $connection->secret()) {
            return self::refuse('disconnected', 409, __('This site is not connected.', 'peerpress'));
        }
        [$id, $time, $body] = [self::header($request, 'id'), self::header($request, 'timestamp'), $request->get_body()];
        if (! preg_match('/^[\w-]{1,64}$/D', $id) || ! preg_match('/^\d{1,12}$/D', $time)) {
            return self::refuse('bad-signature', 401, __('The message has no valid signature.', 'peerpress'));
        }
        if (strlen($body) > self::LARGEST) {
            return self::refuse('bad-command', 413, __('The message is too long.', 'peerpress'));
        }
        $expected = Signature::headers($connection->secret(), $id, (int) $time, $body)['webhook-signature'];
        if (! hash_equals($expected, self::header($request, 'signature'))) {
            return self::refuse('bad-signature', 401, __('The message has no valid signature.', 'peerpress'));
        }
        if (abs(time() - (int) $time) > self::TOLERANCE) {
            return self::refuse('stale', 401, __('The clocks of site and server differ by minutes.', 'peerpress'));
        }
        $content = json_decode($body, true);
        if (! is_array($content) || ! is_string($content['command'] ?? null)) {
            return self::refuse('bad-command', 422, __('The message is no command.', 'peerpress'));
        }
        if (($content['site'] ?? null) !== $connection->site) {
            return self::refuse('other-site', 409, __('The message is for another site.', 'peerpress'));
        }
        return new self($id, $content);
    }

    /** Returns a text field of the command: null if it is absent or no text. */
    public function text(string $field): ?string
    {
        $value = $this->fields[$field] ?? null;
        return is_string($value) ? $value : null;
    }

    /** Returns an error as WordPress answers it. */
    public static function refuse(string $code, int $status, string $message): WP_Error
    {
        return new WP_Error("peerpress-$code", $message, ['status' => $status]);
    }

    private static function header(WP_REST_Request $request, string $name): string
    {
        return (string) $request->get_header("webhook_$name");
    }
}
