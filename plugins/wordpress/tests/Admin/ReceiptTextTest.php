<?php

namespace PeerPress\Tests\Admin;

use PeerPress\Admin\ReceiptText;
use PeerPress\Tests\WordPressTestCase;

final class ReceiptTextTest extends WordPressTestCase
{
    /** @dataProvider receipts */
    public function testAPostIsUnderWayUntilTheServerHasLookedAtIt(array $ages, string $state, bool $retry): void
    {
        [$event, $look] = $ages;
        $post = get_post(wp_insert_post(['post_title' => 'A post', 'post_status' => 'publish']));
        $sent = (object) [
            'created_at' => gmdate('Y-m-d H:i:s', time() - $event),
            'delivered_at' => gmdate('Y-m-d H:i:s', time() - $event),
        ];
        $at = gmdate('Y-m-d\TH:i:s.v\Z', time() - (int) $look);
        $receipt = null === $look ? [] : ['result' => 'published', 'version' => 1, 'assets' => 2, 'at' => $at];
        $text = ReceiptText::of($post, $sent, $receipt);
        $this->assertSame([$state, $retry], [$text['state'], $text['retry']]);
    }

    public function receipts(): array
    {
        return [
            'just sent' => [[5, null], 'waiting', false],
            'an older look' => [[5, 60], 'waiting', false],
            'a later look' => [[5, 2], 'published', false],
            'a look in the same second' => [[5, 5], 'published', false],
            'sent long ago, and no look' => [[600, null], 'none', true],
            'sent long ago, and an older look' => [[600, 700], 'published', false],
        ];
    }
}
