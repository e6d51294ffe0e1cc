<?php

namespace PeerPress\Tests\Page;

use PeerPress\Page\VideoPreload;
use PeerPress\Tests\WordPressTestCase;

final class VideoPreloadTest extends WordPressTestCase
{
    private const BLOCK = '<figure class="wp-block-video"><video controls src="/a.webm"></video></figure>';

    protected function setUp(): void
    {
        parent::setUp();
        global $wp_query;
        $wp_query->is_singular = true;
    }

    protected function tearDown(): void
    {
        global $wp_query;
        $wp_query->is_singular = false;
        parent::tearDown();
    }

    public function testAVideoThatWouldPreloadItsMetadataWaitsForTheLoader(): void
    {
        $this->connect();
        $postponed = '<video preload="none" data-peerpress-preload="metadata" controls src="/a.webm">';
        $this->assertStringContainsString($postponed, VideoPreload::postpone(self::BLOCK));
        $explicit = str_replace('controls', 'controls preload="metadata"', self::BLOCK);
        $this->assertStringContainsString($postponed, VideoPreload::postpone($explicit));
    }

    /** @dataProvider deliberate */
    public function testAVideoThatSaysHowItLoadsIsLeftAlone(string $attribute): void
    {
        $this->connect();
        $html = str_replace('controls', $attribute, self::BLOCK);
        $this->assertSame($html, VideoPreload::postpone($html));
    }

    /** @return string[][] */
    public function deliberate(): array
    {
        return [['autoplay muted'], ['preload="auto"'], ["preload='none'"], ['preload=auto']];
    }

    public function testNothingIsPostponedOnASiteThatIsNotConnected(): void
    {
        $this->assertSame(self::BLOCK, VideoPreload::postpone(self::BLOCK));
    }

    public function testNothingIsPostponedInLists(): void
    {
        global $wp_query;
        $wp_query->is_singular = false;
        $this->connect();
        $this->assertSame(self::BLOCK, VideoPreload::postpone(self::BLOCK));
    }
}
