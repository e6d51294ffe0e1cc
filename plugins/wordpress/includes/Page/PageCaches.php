<?php

namespace PeerPress\Page;

/**
 * Purges the page caches in front of this site. Pages state the owner's policy, so caches must drop them when it
 * changes. The server refuses peers to pages that a cache still holds.
 */
final class PageCaches
{
    /** Action that fires when all caches must drop this site's pages, for caches that this class does not know. */
    public const PURGE = 'peerpress_purge_page_caches';

    /** Documented functions, each with its arguments. */
    private const FUNCTIONS = [
        'rocket_clean_domain' => [],             // WP Rocket
        'w3tc_flush_all' => [],                  // W3 Total Cache
        'wp_cache_clear_cache' => [],            // WP Super Cache
        'wpfc_clear_all_cache' => [true],        // WP Fastest Cache
        'sg_cachepress_purge_cache' => [],       // SiteGround Speed Optimizer
        'wpo_cache_flush' => [],                 // WP-Optimize
        'autoptimizeCache::clearall' => [],      // Autoptimize, which then has page caches purged
        'comet_cache::clear' => [],              // Comet Cache
        'WpeCommon::purge_varnish_cache' => [],  // WP Engine
    ];

    /** Documented actions. */
    private const ACTIONS = [
        'litespeed_purge_all',                 // LiteSpeed Cache
        'cache_enabler_clear_complete_cache',  // Cache Enabler
        'breeze_clear_all_cache',              // Breeze
        'wphb_clear_page_cache',               // Hummingbird
        'rt_nginx_helper_purge_all',           // Nginx Helper
        'cachify_flush_cache',                 // Cachify
        'swcfpc_purge_cache',                  // Super Page Cache for Cloudflare
    ];

    /** Registers the hooks. */
    public static function init(): void
    {
        // The plugin Cloudflare purges everything when one of these actions fires.
        add_filter('cloudflare_purge_everything_actions', [self::class, 'withAction']);
    }

    /**
     * @param string[] $actions
     * @return string[]
     */
    public static function withAction($actions): array
    {
        return array_merge((array) $actions, [self::PURGE]);
    }

    /** Purges once, at the end of this request. */
    public static function request(): void
    {
        if (false === has_action('shutdown', [self::class, 'purge'])) {
            add_action('shutdown', [self::class, 'purge'], 5);
        }
    }

    /** Purges all pages of this site from the caches that are installed. */
    public static function purge(): void
    {
        foreach (self::FUNCTIONS as $function => $arguments) {
            if (is_callable($function)) {
                self::attempt($function, $arguments);
            }
        }
        $kinsta = $GLOBALS['kinsta_cache']->kinsta_cache_purge ?? null;
        if (is_callable([$kinsta, 'purge_complete_caches'])) {
            self::attempt([$kinsta, 'purge_complete_caches'], []);
        }
        foreach (self::ACTIONS as $action) {
            if (has_action($action)) {
                self::attempt('do_action', [$action]);
            }
        }
        self::attempt('do_action', [self::PURGE]);
    }

    /** Purges one cache. Its failure must prevent neither the save of the owner's choice nor other purges. */
    private static function attempt(callable $purge, array $arguments): void
    {
        try {
            $purge(...$arguments);
        } catch (\Throwable $error) {
            // The page cache reports its own errors. The server refuses peers to old pages.
            return;
        }
    }
}
