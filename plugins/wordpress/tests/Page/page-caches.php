<?php

/**
 * The functions by which page caches are purged, as their plugins define them in the global namespace. Each notes its
 * call.
 */

function rocket_clean_domain(): void
{
    PeerPress\Tests\Page\PageCachesTest::$purged[] = __FUNCTION__;
}

function w3tc_flush_all(): void
{
    PeerPress\Tests\Page\PageCachesTest::$purged[] = __FUNCTION__;
}

function wp_cache_clear_cache(int $blog = 0): void
{
    PeerPress\Tests\Page\PageCachesTest::$purged[] = __FUNCTION__;
}

function wpfc_clear_all_cache(bool $minified = false): void
{
    PeerPress\Tests\Page\PageCachesTest::$purged[] = __FUNCTION__ . ($minified ? ' minified' : '');
}

function sg_cachepress_purge_cache(): void
{
    throw new RuntimeException('the cache has a fault of its own');
}
