<?php

namespace PeerPress\Tests\Delivery;

use PeerPress\Delivery\Outbox;
use PeerPress\Delivery\OutboxStatus;
use PeerPress\Delivery\Repair;
use PeerPress\Posts\PostEvents;
use PeerPress\Posts\PostSearch;
use PeerPress\Tests\WordPressTestCase;

/** A site whose outbox table is lost, because another table prefix is in use. */
final class LostTableTest extends WordPressTestCase
{
    private string $prefix;
    private bool $isLoud;

    protected function setUp(): void
    {
        global $wpdb;
        parent::setUp();
        $this->connect();
        $this->prefix = $wpdb->prefix;
        $this->isLoud = ! $wpdb->suppress_errors(true);
        $wpdb->prefix = 'lost_';
        // Making a temporary table commits nothing.
        add_filter('query', [$this, 'temporarily']);
    }

    protected function tearDown(): void
    {
        global $wpdb;
        $this->query('DROP TEMPORARY TABLE IF EXISTS ' . Outbox::table());
        remove_filter('query', [$this, 'temporarily']);
        $wpdb->prefix = $this->prefix;
        $wpdb->suppress_errors(! $this->isLoud);
        parent::tearDown();
    }

    public function temporarily(string $query): string
    {
        return (string) preg_replace('/^\s*CREATE TABLE/', 'CREATE TEMPORARY TABLE', $query);
    }

    public function testTheTableIsMadeAgainAndAllPostsArePublished(): void
    {
        $this->assertSame(0, OutboxStatus::read()->waiting);
        delete_option('peerpress_checked');
        Repair::check();
        $this->assertTrue(PostSearch::isCovered());
        Outbox::add(PostEvents::PUBLISHED, 1, 'https://a.test/one');
        $this->assertSame(1, OutboxStatus::read()->waiting);
    }
}
