<?php

namespace PeerPress\Page;

use PeerPress\Server\Connection;

/**
 * Lets videos begin a moment later. A player that has begun at the network must stay there (browsers do not mix its
 * sources), and players begin while the page is still read, before a first-time reader has a worker. So a video block
 * that would preload its metadata says "none" and what it said before; the loader gives that back as soon as it is
 * known whether peers can help, which is within a second. What is stored in WordPress stays as it is.
 */
final class VideoPreload
{
    /** Registers the hooks. */
    public static function init(): void
    {
        add_filter('render_block_core/video', [self::class, 'postpone']);
    }

    /** The block's HTML with its video postponed; videos that play or load by themselves on purpose are left alone. */
    public static function postpone(string $html): string
    {
        if (null === Connection::current() || ! is_singular() || ! Page::isForReaders()) {
            return $html;
        }
        return (string) preg_replace_callback('/<video\b[^>]*>/i', [self::class, 'postponeTag'], $html, 1);
    }

    private static function postponeTag(array $match): string
    {
        [$tag] = $match;
        if (preg_match('/\s(?:autoplay|data-peerpress-preload)\b/i', $tag)) {
            return $tag;
        }
        $preload = preg_match('/\spreload\s*=\s*["\']?(\w*)/i', $tag, $found) ? strtolower($found[1]) : 'metadata';
        if ('metadata' !== $preload) {
            return $tag;
        }
        $bare = (string) preg_replace('/\spreload\s*=\s*(?:"[^"]*"|\'[^\']*\'|[^\s>]+)/i', '', $tag);
        return (string) preg_replace('/^<video\b/i', '<video preload="none" data-peerpress-preload="metadata"', $bare);
    }
}
