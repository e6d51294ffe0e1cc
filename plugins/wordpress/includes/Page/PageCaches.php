<?php

namespace PeerPress\Page;

/**
 * The page caches in front of this site. Pages carry the owner's policy, so caches must forget them when it changes.
 * What a cache keeps all the same is refused by the server.
 */
final class PageCaches
{
    /** Fires when pages must leave all caches. For caches that this class does not know. */
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
        // The plugin Cloudflare purges everything on the actions in this list.
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

    /** Purges once, at the end of this request, whatever else it changes. */
    public static function request(): void
    {
        if (false === has_action('shutdown', [self::class, 'purge'])) {
            add_action('shutdown', [self::class, 'purge'], 5);
        }
    }

    /** Purges all pages of this site from the caches that are there. */
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

    /** A cache that fails must not keep the owner's decision from being saved, nor other caches from being purged. */
    private static function attempt(callable $purge, array $arguments): void
    {
        try {
            $purge(...$arguments);
        } catch (\Throwable $error) {
            // It is a page cache's own error, which it reports where it reports errors. The server refuses old pages.
            return;
        }
    }
}
