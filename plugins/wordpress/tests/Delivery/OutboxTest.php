<?php

namespace PeerPress\Tests\Delivery;

use PeerPress\Delivery\Outbox;
use PeerPress\Posts\PostEvents;
use PeerPress\Tests\WordPressTestCase;

final class OutboxTest extends WordPressTestCase
{
    public function testAnEventIsClaimedOnce(): void
    {
        Outbox::add(PostEvents::PUBLISHED, 1, 'https://a.test/one');
        $this->assertSame('https://a.test/one', $this->claim()->url);
        $this->assertNull($this->claim());
    }

    public function testTheEventsOfOnePostKeepTheirOrderWhileOthersGoOn(): void
    {
        Outbox::add(PostEvents::PUBLISHED, 1, 'https://a.test/one');
        Outbox::add(PostEvents::UNPUBLISHED, 1, 'https://a.test/one');
        Outbox::add(PostEvents::PUBLISHED, 2, 'https://a.test/two');
        $first = $this->claim();
        $this->assertSame([PostEvents::PUBLISHED, '1'], [$first->type, $first->post_id]);
        $this->assertSame('2', $this->claim()->post_id);
        $this->assertNull($this->claim());
        Outbox::delivered($first);
        $this->assertSame(PostEvents::UNPUBLISHED, $this->claim()->type);
    }

    public function testAFailedEventKeepsItsIdAndWaitsLongerEachTime(): void
    {
        Outbox::add(PostEvents::PUBLISHED, 1, 'https://a.test/one');
        $id = $this->outbox()[0]->event_id;
        foreach ([30, 60, 120, 240] as $longest) {
            $event = $this->claim();
            Outbox::failed($event, 'HTTP 503');
            $row = $this->outbox()[0];
            $this->assertSame([$id, 'HTTP 503'], [$row->event_id, $row->last_error]);
            $wait = strtotime($row->next_attempt_at . ' UTC') - time();
            $this->assertGreaterThanOrEqual($longest / 2 - 2, $wait);
            $this->assertLessThanOrEqual($longest, $wait);
            $this->makeDue();
        }
    }

    public function testAnEventThatFailsForDaysIsGivenUpAndLetsLaterOnesPass(): void
    {
        Outbox::add(PostEvents::PUBLISHED, 1, 'https://a.test/one');
        Outbox::add(PostEvents::UPDATED, 1, 'https://a.test/one');
        for ($attempt = 1; $attempt <= Outbox::MAX_FAILURES; $attempt++) {
            $event = $this->claim();
            $this->assertSame(PostEvents::PUBLISHED, $event->type);
            Outbox::failed($event, 'HTTP 500');
            $this->makeDue();
        }
        $this->assertSame(PostEvents::UPDATED, $this->claim()->type);
    }

    public function testALateFailureDoesNotDisturbTheProcessThatTookTheEventOver(): void
    {
        Outbox::add(PostEvents::PUBLISHED, 1, 'https://a.test/one');
        $slow = $this->claim();
        $this->makeDue();
        $this->assertNotNull($this->claim());
        $before = $this->outbox();
        Outbox::failed($slow, 'too late');
        $this->assertEquals($before, $this->outbox());
    }

    public function testPruningKeepsWhatTheServerWasToldLast(): void
    {
        Outbox::add(PostEvents::PUBLISHED, 1, 'https://a.test/old');
        Outbox::add(PostEvents::UPDATED, 1, 'https://a.test/new');
        Outbox::delivered($this->claim());
        Outbox::delivered($this->claim());
        Outbox::prune();
        $this->assertCount(2, $this->outbox());
        $this->query('UPDATE ' . Outbox::table() . " SET delivered_at = '2020-01-01 00:00:00'");
        Outbox::prune();
        $this->assertCount(1, $this->outbox());
        $this->assertSame('https://a.test/new', Outbox::stateOf(1)['announced']);
    }

    public function testHasteningAPostLeavesAGivenUpEventThatALaterOneReplaced(): void
    {
        Outbox::add(PostEvents::UNPUBLISHED, 1, 'https://a.test/one');
        Outbox::refused($this->claim(), 'HTTP 400');
        Outbox::add(PostEvents::PUBLISHED, 1, 'https://a.test/one');
        Outbox::delivered($this->claim());
        $this->assertFalse(Outbox::hasten(1));
        $this->assertNull($this->claim());
    }

    public function testHasteningAPostSendsItsLastEventAlsoWhenItWasGivenUp(): void
    {
        Outbox::add(PostEvents::UNPUBLISHED, 1, 'https://a.test/one');
        Outbox::refused($this->claim(), 'HTTP 400');
        Outbox::add(PostEvents::PUBLISHED, 1, 'https://a.test/one');
        Outbox::refused($this->claim(), 'HTTP 400');
        $this->assertTrue(Outbox::hasten(1));
        $this->assertSame(PostEvents::PUBLISHED, $this->claim()->type);
        $this->assertNull($this->claim());
    }

    public function testHasteningAPostLeavesTheEventAloneThatIsBeingSent(): void
    {
        Outbox::add(PostEvents::PUBLISHED, 1, 'https://a.test/one');
        $this->assertNotNull($this->claim());
        $this->assertTrue(Outbox::hasten(1));
        $this->assertNull($this->claim());
    }

    private function claim(): ?object
    {
        return Outbox::claim(1)[0] ?? null;
    }

    private function makeDue(): void
    {
        $this->query('UPDATE ' . Outbox::table() . ' SET next_attempt_at = UTC_TIMESTAMP()
            WHERE next_attempt_at IS NOT NULL');
    }
}
