<?php

namespace PeerPress\Tests\Posts;

use PeerPress\Delivery\Delivery;
use PeerPress\Delivery\Outbox;
use PeerPress\Delivery\Repair;
use PeerPress\Posts\Backfill;
use PeerPress\Posts\PostEvents;
use PeerPress\Posts\PostSearch;
use PeerPress\Tests\WordPressTestCase;

final class BackfillTest extends WordPressTestCase
{
    protected function setUp(): void
    {
        parent::setUp();
        global $wpdb;
        // WordPress's own first posts, out of the way.
        $this->query("UPDATE $wpdb->posts SET post_status = 'draft'");
        wp_cache_flush();
    }

    public function testItGoesOnWhereItWasKilled(): void
    {
        $this->insert(450);
        $this->connect();
        Backfill::all();
        // A process takes one step and dies in the middle of the next one.
        $killed = PostSearch::claim();
        array_map([$this, 'publish'], $killed->step());
        $this->assertTrue($killed->keepStep());
        foreach (array_slice($killed->step(), 0, 50) as $id) {
            $this->publish($id);
            $this->assertTrue($killed->keep($id));
        }
        $this->assertNull(PostSearch::claim(), 'the claim holds');
        wp_unschedule_hook('peerpress_backfill');

        Backfill::repair();
        $this->assertNotFalse(wp_next_scheduled('peerpress_backfill'));
        $this->expireClaims();
        Backfill::run();
        $posts = array_column($this->outbox(), 'post_id');
        $this->assertCount(450, $posts);
        $this->assertCount(450, array_unique($posts));
        $this->assertNull(PostSearch::nextDue());
        $this->assertFalse(wp_next_scheduled('peerpress_backfill'));
    }

    public function testAnEntryThatRelease01ScheduledIsGoneOnWith(): void
    {
        $ids = $this->insert(5);
        $this->connect();
        Backfill::run($ids[2]);
        $this->assertSame([(string) $ids[3], (string) $ids[4]], array_column($this->outbox(), 'post_id'));
    }

    public function testASearchThatIsAskedForAgainWhileItRunsBeginsAgain(): void
    {
        $this->insert(3);
        $this->connect();
        Backfill::all();
        $running = PostSearch::claim();
        $ids = $running->step();
        Backfill::all();
        $this->assertFalse($running->keep($ids[0]));
        $running->release();
        $this->assertCount(3, PostSearch::claim()->step());
    }

    public function testManySearchesBecomeOneForAllPostsLater(): void
    {
        $this->connect();
        for ($id = 1; $id <= 30; $id++) {
            Backfill::some(['kind' => PostSearch::MEDIA, 'id' => $id]);
        }
        $this->assertSame(1, PostSearch::count());
        $this->assertNull(PostSearch::claim());
        $this->assertEqualsWithDelta(time() + 600, wp_next_scheduled('peerpress_backfill'), 3);
        // The button does not wait for it.
        Backfill::all();
        $this->assertNotNull(PostSearch::claim());
    }

    public function testDeletedCronEntriesAreFoundByAnOrdinaryRequestAndOnlyNowAndThen(): void
    {
        $this->connect();
        wp_insert_post(['post_title' => 'Waiting', 'post_status' => 'publish']);
        Backfill::all();
        $this->look();
        $hooks = ['peerpress_deliver', 'peerpress_sweep', 'peerpress_backfill'];
        array_map('wp_unschedule_hook', $hooks);
        $queries = $GLOBALS['wpdb']->num_queries;
        Repair::check();
        $this->assertSame($queries, $GLOBALS['wpdb']->num_queries, 'the request after a look costs nothing');
        $this->assertSame([false, false, false], array_map('wp_next_scheduled', $hooks));
        $this->look();
        $this->assertNotContains(false, array_map('wp_next_scheduled', $hooks));
    }

    public function testWhatWasTakenByDeactivationIsNotBroughtBackByTheSameRequest(): void
    {
        $this->connect();
        Delivery::stop();
        $this->look();
        $this->assertFalse(wp_next_scheduled('peerpress_sweep'));
        Delivery::start();
        $this->assertNotFalse(wp_next_scheduled('peerpress_sweep'));
    }

    public function testWhereNobodyRunsTheCronTheDashboardDeliversALittle(): void
    {
        $sent = 0;
        $answer = static function () use (&$sent): array {
            $sent++;
            return ['response' => ['code' => 202, 'message' => ''], 'headers' => [], 'body' => '{}', 'cookies' => []];
        };
        $this->connect();
        $id = $this->insert(1)[0];
        Backfill::all();
        Outbox::add(PostEvents::PUBLISHED, $id, 'https://a.test/one');
        foreach (['peerpress_deliver', 'peerpress_backfill'] as $hook) {
            wp_unschedule_hook($hook);
            wp_schedule_single_event(time() - HOUR_IN_SECONDS, $hook);
        }
        add_filter('pre_http_request', $answer);
        $this->look();
        $this->assertSame(0, $sent, 'a reader’s request sends nothing');
        $GLOBALS['current_screen'] = new class {
            public function in_admin(): bool // phpcs:ignore PSR1.Methods.CamelCapsMethodName -- WordPress's name.
            {
                return true;
            }
        };
        $this->look();
        unset($GLOBALS['current_screen']);
        remove_filter('pre_http_request', $answer);
        $this->assertSame(1, $sent);
        $this->assertNull(PostSearch::nextDue());
    }

    private function look(): void
    {
        delete_option('peerpress_checked');
        Repair::check();
    }

    private function publish(int $id): void
    {
        PostEvents::record(get_post($id));
    }

    private function expireClaims(): void
    {
        global $wpdb;
        foreach (wp_load_alloptions() as $name => $value) {
            if (0 === strpos($name, 'peerpress_search_')) {
                update_option($name, preg_replace('/"until":\d+/', '"until":1', $value), true);
            }
        }
    }

    /** @return int[] */
    private function insert(int $count): array
    {
        global $wpdb;
        $ids = [];
        for ($n = 1; $n <= $count; $n++) {
            $wpdb->insert($wpdb->posts, [
                'post_title' => "Post $n",
                'post_name' => "post-$n",
                'post_status' => 'publish',
                'post_type' => 'post',
                'post_content' => '',
                'post_excerpt' => '',
                'to_ping' => '',
                'pinged' => '',
                'post_content_filtered' => '',
                'post_date' => '2026-01-01 00:00:00',
                'post_date_gmt' => '2026-01-01 00:00:00',
            ]);
            $ids[] = $wpdb->insert_id;
        }
        return $ids;
    }
}
