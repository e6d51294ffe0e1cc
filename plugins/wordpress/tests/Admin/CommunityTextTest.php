<?php

namespace PeerPress\Tests\Admin;

use PeerPress\Admin\CommunityText;
use PeerPress\Tests\WordPressTestCase;

final class CommunityTextTest extends WordPressTestCase
{
    private const MEMBER = ['name' => 'blog.example', 'joinedAt' => '2026-05-01T00:00:00.000Z', 'trust' => 0.5];

    public function testASiteThatIsNoMemberMayJoin(): void
    {
        $state = CommunityText::of(['member' => null, 'feed' => 'https://server.example/community'], false);
        $this->assertSame([['join'], 'https://server.example/community'], [$state['actions'], $state['link']]);
        $this->assertSame([], CommunityText::of(['member' => null], true)['actions']);
    }

    public function testAMemberSeesItsStanding(): void
    {
        $state = CommunityText::of(['member' => self::MEMBER], false);
        $this->assertStringContainsString('blog.example', $state['text']);
        $this->assertStringContainsString('0.5', $state['text']);
        $this->assertSame(['leave'], $state['actions']);
        $new = CommunityText::of(['member' => ['trust' => 0] + self::MEMBER], false);
        $this->assertStringContainsString('100 measured human views', $new['text']);
        $failing = CommunityText::of(['member' => self::MEMBER + ['problem' => 'no <b>answer</b>']], false);
        $this->assertStringContainsString('no answer', $failing['text']);
        $banned = CommunityText::of(['member' => self::MEMBER + ['isBanned' => true]], false);
        $this->assertStringContainsString('banned', $banned['text']);
    }

    public function testAPostIsSharedOnce(): void
    {
        $this->assertSame(['share'], CommunityText::of(['member' => self::MEMBER, 'post' => null], true)['actions']);
        $url = 'https://server.example/community/posts/a';
        $post = ['isShown' => true, 'upVotes' => 3, 'downVotes' => 1, 'url' => $url];
        $shared = CommunityText::of(['member' => self::MEMBER, 'post' => $post], true);
        $this->assertSame(['Shared: 3 up, 1 down', [], $url], array_values($shared));
        $hidden = CommunityText::of(['member' => self::MEMBER, 'post' => ['isShown' => false]], true);
        $this->assertStringContainsString('not shown', $hidden['text']);
    }

    public function testAHostileAnswerIsNeitherMarkupNorALink(): void
    {
        $post = ['isShown' => true, 'upVotes' => ['x'], 'url' => 'javascript:alert(1)'];
        $shared = CommunityText::of(['member' => ['name' => ['x'], 'trust' => 'x'], 'post' => $post], true);
        $this->assertSame('', $shared['link']);
        $state = CommunityText::of(['member' => ['name' => '<script>alert(1)</script>b', 'joinedAt' => 5]], false);
        $this->assertStringNotContainsString('<', $state['text']);
    }
}
