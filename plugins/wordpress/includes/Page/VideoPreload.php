<?php

namespace PeerPress\Page;

use PeerPress\Server\Connection;

/**
 * Delays the preload of videos. A player that has begun to load from the network stays there, because browsers do not
 * mix sources. Players begin while the browser parses the page, before a first-time reader has a worker. So a video
 * block that would preload its metadata gets `preload="none"` and its former value in another attribute. The loader
 * restores it as soon as it knows whether peers can help, within a second. The content in WordPress is not changed.
 */
final class VideoPreload
{
    /** Registers the hooks. */
    public static function init(): void
    {
        add_filter('render_block_core/video', [self::class, 'postpone']);
    }

    /** Returns the block's HTML with a delayed preload. Videos that play or load automatically are not changed. */
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
