<?php

namespace PeerPress\Tests\Posts;

use PeerPress\Delivery\Outbox;
use PeerPress\Posts\PostEvents;
use PeerPress\Tests\WordPressTestCase;

final class PostEventsTest extends WordPressTestCase
{
    public function testNothingIsQueuedBeforeConnecting(): void
    {
        wp_insert_post(['post_title' => 'Early', 'post_status' => 'publish']);
        $this->assertSame([], $this->outbox());
    }

    public function testPagesArePublishedLikePostsAndTypesWithoutPagesAreNot(): void
    {
        $this->connect();
        register_post_type('peerpress_hidden', ['public' => false]);
        foreach (['page', 'peerpress_hidden', 'wp_block', 'nav_menu_item'] as $type) {
            wp_insert_post(['post_title' => 'A ' . $type, 'post_status' => 'publish', 'post_type' => $type]);
        }
        unregister_post_type('peerpress_hidden');
        $this->assertCount(1, $this->outbox());
        $this->assertStringEndsWith('/a-page/', $this->outbox()[0]->url);
    }

    public function testTheFilterKeepsAPublicPostOutAndIsNotAskedAboutOthers(): void
    {
        $this->connect();
        $asked = [];
        $filter = static function (bool $publish, \WP_Post $post) use (&$asked): bool {
            $asked[] = $post->post_status;
            return false;
        };
        add_filter('peerpress_publish_post', $filter, 10, 2);
        wp_insert_post(['post_title' => 'Kept here', 'post_status' => 'publish']);
        wp_insert_post(['post_title' => 'Private', 'post_status' => 'private']);
        remove_filter('peerpress_publish_post', $filter);
        $this->assertSame([], $this->outbox());
        $this->assertSame(['publish'], array_values(array_unique($asked)));
    }

    public function testAnUnsentUpdateGivesWayToTheEndUnderTheAddressThatTheServerKnows(): void
    {
        $this->connect();
        $id = wp_insert_post(['post_title' => 'Old name', 'post_status' => 'publish']);
        $this->query('UPDATE ' . Outbox::table() . ' SET attempts = 1, delivered_at = UTC_TIMESTAMP()');
        wp_update_post(['ID' => $id, 'post_name' => 'new-name']);
        wp_update_post(['ID' => $id, 'post_status' => 'draft']);
        $events = array_map(static function (object $row): array {
            return [$row->type, (string) wp_parse_url($row->url, PHP_URL_PATH)];
        }, $this->outbox());
        $expected = [[PostEvents::PUBLISHED, '/old-name/'], [PostEvents::UNPUBLISHED, '/old-name/']];
        $this->assertSame($expected, $events);
    }

    public function testACronRunBetweenTwoStepsOfASaveFindsNothingToSend(): void
    {
        $this->connect();
        $claimed = null;
        $between = static function () use (&$claimed): void {
            $claimed = Outbox::claim(10);
        };
        add_action('save_post', $between);
        wp_insert_post(['post_title' => 'Slow to save', 'post_status' => 'publish']);
        remove_action('save_post', $between);
        $this->assertSame([], $claimed);
        PostEvents::finish();
        $this->assertCount(1, Outbox::claim(10));
    }

    public function testAnEventOnItsWayIsFollowedByASecondOne(): void
    {
        $this->connect();
        $id = wp_insert_post(['post_title' => 'Quick', 'post_status' => 'publish']);
        $this->assertSame([], Outbox::claim(1), 'held until the request is over');
        PostEvents::finish();
        $this->assertCount(1, Outbox::claim(1));
        wp_update_post(['ID' => $id, 'post_title' => 'Quicker']);
        $types = array_column($this->outbox(), 'type');
        $this->assertSame([PostEvents::PUBLISHED, PostEvents::UPDATED], $types);
    }
}
