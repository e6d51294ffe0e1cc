<?php

namespace PeerPress\Tests\Server;

use PeerPress\Server\Challenges;
use PeerPress\Tests\WordPressTestCase;
use ReflectionMethod;

final class ChallengesTest extends WordPressTestCase
{
    protected function tearDown(): void
    {
        delete_transient('peerpress_challenges');
        parent::tearDown();
    }

    public function testListsWhatWasBegunUntilItIsRemoved(): void
    {
        Challenges::add('first');
        Challenges::add('second');
        $this->assertSame(['second', 'first'], $this->listed());
        Challenges::remove('second');
        Challenges::remove('unknown');
        $this->assertSame(['first'], $this->listed());
        Challenges::remove('first');
        $this->assertFalse(get_transient('peerpress_challenges'));
    }

    public function testListsTheLatestTwentyAlone(): void
    {
        foreach (range(1, 25) as $number) {
            Challenges::add("challenge-$number");
        }
        $listed = $this->listed();
        $this->assertCount(20, $listed);
        $this->assertSame('challenge-25', $listed[0]);
    }

    public function testListsNothingThatHasExpiredOrThatAnotherPluginWrote(): void
    {
        set_transient('peerpress_challenges', ['old' => time() - 1, 'odd' => 'soon', 'new' => time() + 60]);
        $this->assertSame(['new'], $this->listed());
        set_transient('peerpress_challenges', 'text');
        $this->assertSame([], $this->listed());
    }

    /** @return string[] */
    private function listed(): array
    {
        $current = new ReflectionMethod(Challenges::class, 'current');
        $current->setAccessible(true);
        return array_map('strval', array_keys($current->invoke(null)));
    }
}
