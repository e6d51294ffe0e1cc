<?php

namespace PeerPress\Tests\Posts;

use PeerPress\Delivery\Outbox;
use PeerPress\Posts\Backfill;
use PeerPress\Posts\PostEvents;
use PeerPress\Posts\PostSearch;
use PeerPress\Posts\SharedContent;
use PeerPress\Tests\WordPressTestCase;

final class SharedContentTest extends WordPressTestCase
{
    public function testAnotherFeaturedImageIsAnUpdate(): void
    {
        $image = $this->attachment('2026/11/front.jpg');
        $id = $this->published('With a picture');
        $this->deliverAll();
        update_post_meta($id, '_thumbnail_id', $image);
        $this->assertSame([$id], $this->waiting());
        $this->deliverAll();
        delete_post_meta($id, '_thumbnail_id');
        $this->assertSame([$id], $this->waiting());
    }

    /** @dataProvider changes */
    public function testAChangedAttachmentUpdatesThePostsThatShowIt(callable $change): void
    {
        $image = $this->attachment('2026/11/tree.jpg');
        $content = [
            'block' => '<!-- wp:image {"id":' . $image . '} --><img class="wp-image-' . $image . '"/>',
            'address' => '<img src="/wp-content/uploads/2026/11/tree-300x200.jpg">',
            'gallery' => '[gallery ids="' . $image . '"]',
            'featured' => 'nothing',
        ];
        $ids = array_map([$this, 'published'], array_keys($content), $content);
        $this->published('Another', '<img class="wp-image-' . $image . '9" src="/2026/11/trees.jpg">');
        $this->published('A draft', $content['block'], ['post_status' => 'draft']);
        update_post_meta(end($ids), '_thumbnail_id', $image);
        Backfill::run();
        $this->deliverAll();
        $change($image);
        Backfill::run();
        $this->assertSame($ids, $this->waiting());
    }

    public function changes(): array
    {
        return [
            'edited' => [static function (int $id): void {
                wp_update_post(['ID' => $id, 'post_excerpt' => 'A new caption']);
            }],
            'cropped' => [static function (int $id): void {
                wp_update_attachment_metadata($id, ['width' => 10, 'height' => 10]);
            }],
            'replaced' => [static function (int $id): void {
                update_attached_file($id, '2026/11/oak.jpg');
            }],
            'deleted' => [static function (int $id): void {
                wp_delete_attachment($id, true);
            }],
        ];
    }

    public function testAnUploadSearchesNothing(): void
    {
        $this->connect();
        $id = wp_insert_attachment(['post_title' => 'New', 'post_mime_type' => 'image/jpeg'], '2026/11/new.jpg');
        wp_update_attachment_metadata($id, ['width' => 10, 'height' => 10]);
        $this->assertSame(0, PostSearch::count());
    }

    public function testASyncedPatternUpdatesThePostsThatShowItAlsoWithinAnotherPattern(): void
    {
        $this->connect();
        $inner = $this->published('Inner', '<p>one</p>', ['post_type' => 'wp_block']);
        $outer = $this->published('Outer', $this->reference($inner), ['post_type' => 'wp_block']);
        $ids = [
            $this->published('Direct', $this->reference($inner)),
            $this->published('Indirect', $this->reference($outer)),
        ];
        $this->published('Another', '<!-- wp:block {"ref":' . $inner . '7} /-->');
        // Patterns that show each other are no endless search.
        wp_update_post(['ID' => $inner, 'post_content' => $this->reference($outer)]);
        Backfill::run();
        $this->deliverAll();
        wp_update_post(['ID' => $inner, 'post_content' => '<p>two</p>']);
        Backfill::run();
        $this->assertSame($ids, $this->waiting());
        $this->deliverAll();
        wp_delete_post($inner, true);
        Backfill::run();
        $this->assertSame($ids, $this->waiting());
        $this->assertSame(0, PostSearch::count());
    }

    public function testANewPermalinkStructurePublishesAllPostsUnderTheirNewAddresses(): void
    {
        global $wp_rewrite;
        $before = get_option('permalink_structure');
        $this->connect();
        $id = $this->published('Moved');
        $this->deliverAll();
        $wp_rewrite->set_permalink_structure('/archive/%post_id%/');
        Backfill::run();
        $urls = array_column($this->outbox(), 'url', 'post_id');
        $wp_rewrite->set_permalink_structure($before);
        $this->assertStringEndsWith("/archive/$id/", $urls[$id]);
        $this->assertContains($id, $this->waiting());
    }

    public function testARenamedPageUpdatesThePagesBelowIt(): void
    {
        $this->connect();
        $top = $this->published('Top', '', ['post_type' => 'page']);
        $middle = $this->published('Middle', '', ['post_type' => 'page', 'post_parent' => $top]);
        $leaf = $this->published('Leaf', '', ['post_type' => 'page', 'post_parent' => $middle]);
        $this->deliverAll();
        wp_update_post(['ID' => $top, 'post_name' => 'summit']);
        Backfill::run();
        $this->assertSame([$top, $middle, $leaf], $this->waiting());
        $this->assertStringEndsWith('/summit/middle/leaf/', array_column($this->outbox(), 'url', 'post_id')[$leaf]);
    }

    private function reference(int $pattern): string
    {
        return '<!-- wp:block {"ref":' . $pattern . '} /-->';
    }

    /** An attachment that an earlier request uploaded. */
    private function attachment(string $file): int
    {
        $this->connect();
        $id = wp_insert_attachment(['post_title' => 'A picture', 'post_mime_type' => 'image/jpeg'], $file);
        $uploads = new \ReflectionProperty(SharedContent::class, 'uploads');
        $uploads->setAccessible(true);
        $uploads->setValue(null, []);
        return $id;
    }

    private function published(string $title, string $content = '', array $fields = []): int
    {
        return wp_insert_post($fields + [
            'post_title' => $title,
            'post_content' => wp_slash($content),
            'post_status' => 'publish',
        ]);
    }

    /** @return int[] Posts with an event that is not delivered, in the order of their ids. */
    private function waiting(): array
    {
        $rows = array_filter($this->outbox(), static function (object $row): bool {
            return null === $row->delivered_at;
        });
        $ids = array_map('intval', array_column($rows, 'post_id'));
        sort($ids);
        return $ids;
    }

    /** As if the server had everything, and this were another request. */
    private function deliverAll(): void
    {
        $changes = new \ReflectionProperty(PostEvents::class, 'changes');
        $changes->setAccessible(true);
        $changes->setValue(null, []);
        $this->query('UPDATE ' . Outbox::table() . ' SET attempts = 1, delivered_at = UTC_TIMESTAMP(),
            next_attempt_at = NULL');
    }
}
