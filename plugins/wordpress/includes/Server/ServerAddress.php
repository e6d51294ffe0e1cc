<?php

namespace PeerPress\Server;

/**
 * The address of a PeerPress server as people type it and as the plugin keeps it.
 */
final class ServerAddress
{
    /**
     * The origin in an address, without a path and a trailing slash; null when it is no http or https address, or when
     * it is http and this site is https: browsers would refuse to talk to it.
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
