<?php

namespace PeerPress\Server;

/**
 * Parses the address of a PeerPress server.
 */
final class ServerAddress
{
    /**
     * Returns the origin of an address, without path and trailing slash. It is null if the address is not http or
     * https, or if it is http and this site is https, because browsers block such requests.
     */
    public static function parse(string $address): ?string
    {
        $parts = wp_parse_url(trim($address));
        if (! is_array($parts) || empty($parts['host']) || isset($parts['user']) || isset($parts['pass'])) {
            return null;
        }
        $scheme = strtolower($parts['scheme'] ?? '');
        $siteIsSecure = 'https' === wp_parse_url(home_url(), PHP_URL_SCHEME);
        if ('https' !== $scheme && ('http' !== $scheme || $siteIsSecure)) {
            return null;
        }
        if (! preg_match('/^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])$/iD', $parts['host'])) {
            return null;
        }
        $port = isset($parts['port']) ? ':' . $parts['port'] : '';
        return $scheme . '://' . strtolower($parts['host']) . $port;
    }
}
