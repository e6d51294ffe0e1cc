<?php

namespace PeerPress\Tests\Page;

use PeerPress\Page\PageCaches;
use PeerPress\Posts\PostSwitch;
use PeerPress\Tests\WordPressTestCase;

final class PageCachesTest extends WordPressTestCase
{
    /** @var string[] What was purged, in order. */
    public static array $purged = [];

    public static function setUpBeforeClass(): void
    {
        require_once __DIR__ . '/page-caches.php';
    }

    protected function setUp(): void
    {
        parent::setUp();
        self::$purged = [];
        remove_action('shutdown', [PageCaches::class, 'purge'], 5);
    }

    protected function tearDown(): void
    {
        unset($GLOBALS['kinsta_cache']);
        remove_action('shutdown', [PageCaches::class, 'purge'], 5);
        parent::tearDown();
    }

    public function testKnownCachesArePurgedByTheirDocumentedFunctionsAndAFaultyOneDoesNotKeepTheOthers(): void
    {
        PageCaches::purge();
        $this->assertSame(
            ['rocket_clean_domain', 'w3tc_flush_all', 'wp_cache_clear_cache', 'wpfc_clear_all_cache minified'],
            self::$purged
        );
    }

    /** @dataProvider actions */
    public function testKnownCachesArePurgedByTheirDocumentedActions(string $action): void
    {
        $listener = static function () use ($action): void {
            self::$purged[] = $action;
        };
        add_action($action, $listener);
        PageCaches::purge();
        remove_action($action, $listener);
        $this->assertContains($action, self::$purged);
        $before = did_action($action);
        PageCaches::purge();
        // The own action fires for whoever listens; others only where their cache is there.
        $this->assertSame(PageCaches::PURGE === $action ? $before + 1 : $before, did_action($action));
    }

    public function actions(): array
    {
        $actions = [
            'litespeed_purge_all',
            'cache_enabler_clear_complete_cache',
            'breeze_clear_all_cache',
            'wphb_clear_page_cache',
            'rt_nginx_helper_purge_all',
            'cachify_flush_cache',
            'swcfpc_purge_cache',
            PageCaches::PURGE,
        ];
        return array_combine($actions, array_map(static fn (string $action): array => [$action], $actions));
    }

    public function testTheCacheOfAHostIsPurgedByItsObject(): void
    {
        $GLOBALS['kinsta_cache'] = (object) ['kinsta_cache_purge' => new class {
            public function purge_complete_caches(): void // phpcs:ignore PSR1.Methods.CamelCapsMethodName
            {
                PageCachesTest::$purged[] = 'kinsta';
            }
        }];
        PageCaches::purge();
        $this->assertContains('kinsta', self::$purged);
    }

    public function testThePluginCloudflareLearnsTheActionToPurgeOn(): void
    {
        $actions = apply_filters('cloudflare_purge_everything_actions', ['switch_theme']);
        $this->assertSame(['switch_theme', PageCaches::PURGE], $actions);
    }

    public function testOptingAPostOutPurgesOnceAtTheEndOfTheRequest(): void
    {
        $this->connect();
        $id = wp_insert_post(['post_title' => 'Out', 'post_status' => 'publish']);
        $this->assertFalse(has_action('shutdown', [PageCaches::class, 'purge']));
        update_post_meta($id, PostSwitch::META, true);
        delete_post_meta($id, PostSwitch::META);
        $this->assertSame([], self::$purged);
        $this->assertSame(5, has_action('shutdown', [PageCaches::class, 'purge']));
    }
}
