<?php

namespace PeerPress\Delivery;

use PeerPress\Server\Connection;

/**
 * Sends the request that starts WP-Cron, and does not wait for its answer. Where PHP cannot end a response early, cron
 * answers when its work is done, and WordPress's own request waits up to a second for that: a save would take so long
 * while a delivery runs.
 */
final class CronRequest
{
    /** Seconds that the connection, with TLS, may take. */
    private const TIMEOUT = 1;

    /** Registers the hooks. */
    public static function init(): void
    {
        if (! self::endsResponsesEarly()) {
            add_filter('pre_http_request', [self::class, 'send'], 100, 3);
        }
    }

    /**
     * Sends the request if it starts this site's cron. WordPress sends all others, and those that fail here.
     *
     * @param mixed $answer What an earlier filter answers; false for nothing.
     * @return mixed
     */
    public static function send($answer, array $arguments, string $url)
    {
        $isCron = false === ($arguments['blocking'] ?? true) && 0 === strpos($url, site_url('wp-cron.php'));
        if (false !== $answer || ! $isCron || null === Connection::current() || self::isProxied($url)) {
            return $answer;
        }
        if (! self::write($url, $arguments)) {
            return $answer;
        }
        $response = ['code' => false, 'message' => false];
        return ['headers' => [], 'body' => '', 'response' => $response, 'cookies' => [], 'http_response' => null];
    }

    private static function write(string $url, array $arguments): bool
    {
        $parts = wp_parse_url($url);
        $socket = self::open($parts, (bool) ($arguments['sslverify'] ?? false));
        if (false === $socket) {
            return false;
        }
        $host = $parts['host'] . (isset($parts['port']) ? ":{$parts['port']}" : '');
        $headers = ['Host' => $host, 'Content-Length' => '0', 'Connection' => 'close']
            + (is_array($arguments['headers'] ?? null) ? $arguments['headers'] : []);
        $request = 'POST ' . $parts['path'] . '?' . ($parts['query'] ?? '') . " HTTP/1.1\r\n";
        foreach ($headers as $name => $value) {
            $request .= "$name: $value\r\n";
        }
        $isWritten = strlen("$request\r\n") === fwrite($socket, "$request\r\n");
        fclose($socket);
        return $isWritten;
    }

    /** @return resource|false */
    private static function open(array $address, bool $verify)
    {
        $isSecure = 'https' === $address['scheme'];
        $port = $address['port'] ?? ($isSecure ? 443 : 80);
        // A refused connection is a PHP warning. WordPress then tries, and reports the failure in its own way.
        return @stream_socket_client(
            ($isSecure ? 'ssl' : 'tcp') . "://{$address['host']}:$port",
            $code,
            $error,
            self::TIMEOUT,
            STREAM_CLIENT_CONNECT,
            stream_context_create(['ssl' => ['verify_peer' => $verify, 'verify_peer_name' => $verify]])
        );
    }

    /** Returns whether PHP can send a response before the request's work is done. */
    private static function endsResponsesEarly(): bool
    {
        return function_exists('fastcgi_finish_request') || function_exists('litespeed_finish_request');
    }

    private static function isProxied(string $url): bool
    {
        $proxy = new \WP_HTTP_Proxy();
        return $proxy->is_enabled() && $proxy->send_through_proxy($url);
    }
}
