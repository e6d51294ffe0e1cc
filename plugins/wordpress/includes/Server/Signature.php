<?php

namespace PeerPress\Server;

/**
 * Signs an event as https://www.standardwebhooks.com/ says.
 */
final class Signature
{
    /** The three headers of a signed event. The secret is `whsec_` and base64; the time is Unix time. */
    public static function headers(string $secret, string $id, int $time, string $body): array
    {
        return [
            'webhook-id' => $id,
            'webhook-timestamp' => (string) $time,
            'webhook-signature' => 'v1,' . base64_encode(self::of($secret, "$id.$time.$body")),
        ];
    }

    /** HMAC-SHA256 of a text under the secret, 32 bytes. */
    public static function of(string $secret, string $text): string
    {
        return hash_hmac('sha256', $text, base64_decode(substr($secret, strlen('whsec_'))), true);
    }
}
