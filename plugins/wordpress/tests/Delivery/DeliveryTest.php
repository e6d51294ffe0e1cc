<?php

namespace PeerPress\Tests\Delivery;

use PeerPress\Admin\Receipts;
use PeerPress\Delivery\Delivery;
use PeerPress\Delivery\Outbox;
use PeerPress\Delivery\OutboxStatus;
use PeerPress\Delivery\Pause;
use PeerPress\Posts\PostEvents;
use PeerPress\Server\Connection;
use PeerPress\Tests\WordPressTestCase;

final class DeliveryTest extends WordPressTestCase
{
    /** @var array[] Messages that were sent: decoded bodies. */
    private array $sent = [];
    /** @var callable From a decoded body to the answer. */
    private $answer;

    protected function setUp(): void
    {
        parent::setUp();
        $this->connect();
        $this->sent = [];
        $this->answer = [$this, 'accept'];
        add_filter('pre_http_request', [$this, 'intercept'], 10, 3);
    }

    protected function tearDown(): void
    {
        remove_filter('pre_http_request', [$this, 'intercept']);
        parent::tearDown();
    }

    /** Stands where the server stands. */
    public function intercept($answer, array $arguments, string $url)
    {
        $this->assertStringEndsWith('/v1/sites/abcdefgh12345678/events', $url);
        $body = json_decode($arguments['body'], true);
        $this->sent[] = $body + ['webhook-id' => $arguments['headers']['webhook-id']];
        return ($this->answer)($body);
    }

    public function testWhatWaitsGoesInOneMessageAndOneEventGoesAsRelease01SendsIt(): void
    {
        $this->add(3);
        Delivery::run();
        $this->assertSame(['batch'], array_column($this->sent, 'type'));
        $ids = array_column($this->outbox(), 'event_id');
        $this->assertSame($ids, array_column($this->sent[0]['events'], 'id'));
        $this->assertSame(['post' => '1', 'url' => 'https://a.test/1'], $this->sent[0]['events'][0]['data']);
        $this->assertSame(get_option('home'), $this->sent[0]['home_url']);
        $this->assertNotContains(null, array_column($this->outbox(), 'delivered_at'));

        Outbox::add(PostEvents::UPDATED, 4, 'https://a.test/4');
        Delivery::run();
        $this->assertSame(PostEvents::UPDATED, $this->sent[1]['type']);
        $this->assertSame($this->outbox()[3]->event_id, $this->sent[1]['webhook-id']);
    }

    public function testAMessageHasAtMostAHundredEventsAndFitsTheServersLimit(): void
    {
        $this->add(130);
        for ($n = 131; $n <= 160; $n++) {
            Outbox::add(PostEvents::PUBLISHED, $n, "https://a.test/$n/" . str_repeat('x', 2000));
        }
        $answer = $this->answer;
        $this->answer = function (array $body) use ($answer): array {
            $this->assertLessThanOrEqual(64 * 1024, strlen(wp_json_encode($body, JSON_UNESCAPED_SLASHES)));
            return $answer($body);
        };
        Delivery::run();
        $counts = array_map(static function (array $body): int {
            return count($body['events'] ?? [1]);
        }, $this->sent);
        $this->assertSame(160, array_sum($counts));
        $this->assertLessThanOrEqual(100, max($counts));
        $this->assertNotContains(null, array_column($this->outbox(), 'delivered_at'));
    }

    public function testARefusedEventOfABatchIsGivenUpAloneWithItsReason(): void
    {
        $this->add(3);
        $refused = $this->outbox()[1]->event_id;
        $this->answer = function () use ($refused): array {
            $refusal = ['id' => $refused, 'code' => 'foreign-url', 'detail' => 'not on an origin'];
            return $this->json(202, ['accepted' => 2, 'repeated' => 0, 'refused' => [$refusal]]);
        };
        Delivery::run();
        $rows = $this->outbox();
        $this->assertNotNull($rows[0]->delivered_at);
        $this->assertNotNull($rows[2]->delivered_at);
        $this->assertSame([null, null], [$rows[1]->delivered_at, $rows[1]->next_attempt_at]);
        $this->assertSame('foreign-url: not on an origin', $rows[1]->last_error);
        $this->assertNull(Pause::current());
        $this->assertSame(1, OutboxStatus::read()->givenUp);
    }

    public function testAServerOfRelease01GetsSingleEvents(): void
    {
        $this->add(3);
        $this->answer = function (array $body): array {
            $isBatch = 'batch' === $body['type'];
            return $isBatch ? $this->json(400, ['code' => 'bad-event']) : $this->json(202, ['accepted' => true]);
        };
        Delivery::run();
        $single = PostEvents::PUBLISHED;
        $this->assertSame(['batch', $single, $single, $single], array_column($this->sent, 'type'));
        $this->assertNotContains(null, array_column($this->outbox(), 'delivered_at'));
        $this->add(2, 10);
        Delivery::run();
        $this->assertNotContains('batch', array_column(array_slice($this->sent, 4), 'type'));
        $this->assertCount(6, $this->sent);
    }

    /** @dataProvider refusals */
    public function testAnEventThatTheServerWillNeverAcceptIsGivenUpAndOthersGoOn(int $status): void
    {
        $this->add(2);
        $first = $this->outbox()[0]->event_id;
        $this->answer = function (array $body) use ($status): array {
            $isBad = 'batch' === $body['type'] || 'https://a.test/1' === $body['data']['url'];
            return $isBad ? $this->json($status, ['detail' => 'no such post']) : $this->json(202, []);
        };
        Delivery::run();
        [$bad, $good] = $this->outbox();
        $this->assertSame($first, $bad->event_id);
        $this->assertSame(["HTTP $status no such post", null], [$bad->last_error, $bad->next_attempt_at]);
        $this->assertNotNull($good->delivered_at);
        $this->assertNull(Pause::current());
    }

    public function refusals(): array
    {
        return [[400], [413], [422]];
    }

    /** @dataProvider stops */
    public function testARefusalOfThisSiteStopsTheOutbox(int $status, array $problem, array $expected): void
    {
        $this->add(150);
        $this->answer = function () use ($status, $problem): array {
            return $this->json($status, $problem);
        };
        Delivery::run();
        Delivery::run();
        $this->assertCount(1, $this->sent);
        $pause = OutboxStatus::read()->pause;
        [$code, $retry] = $expected;
        $this->assertSame($code, $pause->code);
        $this->assertTrue($pause->needsOwner());
        $this->assertNotSame('', $pause->text());
        if (null === $retry) {
            $this->assertNull($pause->until);
            $this->assertFalse(wp_next_scheduled('peerpress_deliver'));
        } else {
            $this->assertEqualsWithDelta(time() + $retry, $pause->until, 3);
            $this->assertSame($pause->until, wp_next_scheduled('peerpress_deliver'));
        }
        $this->assertSame(150, OutboxStatus::read()->waiting);
        // A save changes nothing about it.
        wp_insert_post(['import_id' => 1000, 'post_title' => 'Meanwhile', 'post_status' => 'publish']);
        Delivery::run();
        $this->assertCount(1, $this->sent);
        $this->assertSame(151, OutboxStatus::read()->waiting);
        // Connecting again does.
        $this->answer = [$this, 'accept'];
        $this->connect();
        $this->assertNotFalse(wp_next_scheduled('peerpress_deliver'));
        $this->elapse();
        Delivery::run();
        $this->assertSame(0, OutboxStatus::read()->waiting);
    }

    public function stops(): array
    {
        return [
            [401, ['code' => 'bad-signature'], [Pause::SIGNATURE, 6 * HOUR_IN_SECONDS]],
            [401, ['code' => 'stale'], [Pause::CLOCK, 15 * MINUTE_IN_SECONDS]],
            [404, ['code' => 'unknown-site'], [Pause::UNKNOWN_SITE, null]],
            [404, [], [Pause::NO_SERVER, DAY_IN_SECONDS]],
            [410, [], [Pause::GONE, null]],
        ];
    }

    public function testTheServersRefusalOfThisAddressStopsTheOutboxUntilTheSiteIsConnectedAgain(): void
    {
        $this->add(150);
        $this->answer = function (): array {
            return $this->json(409, ['code' => 'other-home']);
        };
        Delivery::run();
        Delivery::run();
        $this->assertCount(1, $this->sent);
        $pause = Pause::current();
        $this->assertSame([Pause::OTHER_HOME, null], [$pause->code, $pause->until]);
        $this->assertTrue($pause->needsOwner());
        $this->assertNull(Connection::current());
        $this->assertFalse(wp_next_scheduled('peerpress_deliver'));
        $this->assertSame(150, OutboxStatus::read()->waiting);
        $this->answer = [$this, 'accept'];
        $this->connect();
        $this->elapse();
        Delivery::run();
        $this->assertSame(0, OutboxStatus::read()->waiting);
    }

    public function testADifferenceOfClocksIsMeasuredByTheServersDate(): void
    {
        $this->add(1);
        $this->answer = function (): array {
            $date = gmdate('D, d M Y H:i:s', time() + 7 * MINUTE_IN_SECONDS) . ' GMT';
            return $this->json(401, ['code' => 'stale'], ['date' => $date]);
        };
        Delivery::run();
        $pause = Pause::current();
        $this->assertEqualsWithDelta(-7 * MINUTE_IN_SECONDS, $pause->clockError, 2);
        $this->assertStringContainsString('7 mins behind', $pause->text());
        $this->assertSame('0', $this->outbox()[0]->failures);
    }

    public function testRetryOfAPostDoesNotWaitForTheEndOfASilenceButObeysAServerThatIsBusy(): void
    {
        $id = wp_insert_post(['post_title' => 'A post', 'post_status' => 'publish']);
        $request = new \WP_REST_Request('POST');
        $request->set_param('id', $id);
        foreach ([503, 'silence'] as $fault) {
            $this->answer = function () use ($fault) {
                return 503 === $fault
                    ? $this->json(503, [], ['retry-after' => '60'])
                    : new \WP_Error('http_request_failed', 'timed out');
            };
            Pause::forget();
            Outbox::retryAll();
            Delivery::run();
            $sent = count($this->sent);
            Receipts::retry($request);
            Delivery::run();
            $this->assertCount(503 === $fault ? $sent : $sent + 1, $this->sent);
        }
    }

    public function testAnAnswerThatComesAfterTheSiteWasDisconnectedLeavesNothing(): void
    {
        global $wpdb;
        $this->add(1);
        $this->answer = function () use ($wpdb): array {
            // As another process does, past the cache of this one.
            foreach (['peerpress_connection', 'peerpress_delivery'] as $name) {
                $wpdb->delete($wpdb->options, ['option_name' => $name]);
            }
            $this->query('DELETE FROM ' . Outbox::table());
            return $this->json(401, ['code' => 'unknown-site']);
        };
        Delivery::run();
        wp_cache_flush();
        $this->assertFalse(get_option('peerpress_delivery'));
        $this->assertFalse(wp_next_scheduled('peerpress_deliver'));
        $this->assertFalse(wp_next_scheduled('peerpress_sweep'));
    }

    /** @dataProvider retryAfters */
    public function testRetryAfterIsObeyedWithinBounds(int $status, $header, int $seconds): void
    {
        $this->add(2);
        $this->answer = function () use ($status, $header): array {
            $value = is_int($header) ? gmdate('D, d M Y H:i:s', time() + $header) . ' GMT' : $header;
            return $this->json($status, [], ['retry-after' => $value]);
        };
        Delivery::run();
        $this->assertEqualsWithDelta(time() + $seconds, Pause::current()->until, 2);
        Delivery::run();
        $this->assertCount(1, $this->sent);
        $this->assertFalse(Pause::current()->needsOwner());
    }

    public function retryAfters(): array
    {
        return [
            'seconds' => [429, '90', 90],
            'a date' => [503, 1800, 1800],
            'a date that is over' => [503, -60, 1],
            'a month' => [503, '2592000', 6 * HOUR_IN_SECONDS],
            'zero' => [429, '0', 1],
        ];
    }

    public function testADateInRetryAfterIsReadByTheServersClock(): void
    {
        $this->add(1);
        $this->answer = function (): array {
            $date = static function (int $time): string {
                return gmdate('D, d M Y H:i:s', $time) . ' GMT';
            };
            $ahead = time() + 10 * DAY_IN_SECONDS;
            return $this->json(503, [], ['date' => $date($ahead), 'retry-after' => $date($ahead + 120)]);
        };
        Delivery::run();
        $this->assertEqualsWithDelta(time() + 120, Pause::current()->until, 2);
    }

    public function testAfterSilenceTheWholeOutboxWaitsLongerEachTimeAndOneEventProbes(): void
    {
        $this->add(250);
        $this->answer = static function (): \WP_Error {
            return new \WP_Error('http_request_failed', 'Connection refused');
        };
        foreach ([30, 60, 120, 240] as $n => $longest) {
            Delivery::run();
            $this->assertCount($n + 1, $this->sent);
            $wait = Pause::current()->until - time();
            $this->assertGreaterThanOrEqual($longest / 2 - 2, $wait);
            $this->assertLessThanOrEqual($longest, $wait);
            $this->elapse();
        }
        $sizes = array_map(static function (array $body): int {
            return count($body['events'] ?? [1]);
        }, $this->sent);
        $this->assertSame([100, 1, 1, 1], $sizes);
        // No event has failed, and none was tried more than it had to be.
        $this->assertSame(['0'], array_values(array_unique(array_column($this->outbox(), 'failures'))));
        $this->assertSame('Connection refused', OutboxStatus::read()->lastError);

        $this->answer = [$this, 'accept'];
        Delivery::run();
        $this->assertNull(Pause::current());
        $this->assertNotContains(null, array_column($this->outbox(), 'delivered_at'));
        $events = array_merge(...array_map(static function (array $body): array {
            return array_column($body['events'] ?? [['id' => $body['webhook-id']]], 'id');
        }, array_slice($this->sent, 4)));
        $this->assertCount(250, $events);
        $this->assertCount(250, array_unique($events));
    }

    public function testSilenceOfMonthsLosesNoEvent(): void
    {
        $this->add(1);
        $this->answer = static function (): \WP_Error {
            return new \WP_Error('http_request_failed', 'Connection refused');
        };
        for ($try = 0; $try < 40; $try++) {
            Delivery::run();
            $this->assertLessThanOrEqual(HOUR_IN_SECONDS, Pause::current()->until - time());
            $this->elapse();
        }
        $this->assertCount(40, $this->sent);
        $this->assertSame([0, 1], [OutboxStatus::read()->givenUp, OutboxStatus::read()->waiting]);
    }

    public function testOneEventThatTheServerFailsOnDoesNotHoldUpTheOthers(): void
    {
        $this->add(5);
        $this->answer = function (array $body): array {
            $urls = array_column(array_column($body['events'] ?? [$body], 'data'), 'url');
            return in_array('https://a.test/2', $urls, true) ? $this->json(500, []) : $this->accept($body);
        };
        for ($run = 0; $run < 20; $run++) {
            Delivery::run();
            $this->elapse();
        }
        foreach ($this->outbox() as $row) {
            $this->assertSame('2' === $row->post_id, null === $row->delivered_at);
        }
        $this->assertGreaterThan(1, (int) $this->outbox()[1]->failures);
    }

    /** @dataProvider noReceipts */
    public function testAnotherWebServersPageIsNoReceipt(int $events, int $status, string $body): void
    {
        $this->add($events);
        $this->answer = function () use ($status, $body): array {
            return ['body' => $body] + $this->json($status, []);
        };
        Delivery::run();
        $this->assertSame(Pause::NO_SERVER, Pause::current()->code);
        $this->assertSame($events, OutboxStatus::read()->waiting);
    }

    public function noReceipts(): array
    {
        return [[1, 200, '<html>parked</html>'], [2, 200, '<html>parked</html>'], [2, 202, '']];
    }

    public function testSavesWhileTheServerIsSilentMakeOneEventOfEachPost(): void
    {
        $id = wp_insert_post(['post_title' => 'Often saved', 'post_status' => 'publish']);
        // Another request: it knows of the first one only what the outbox has.
        $changes = new \ReflectionProperty(PostEvents::class, 'changes');
        $changes->setAccessible(true);
        $changes->setValue(null, []);
        wp_update_post(['ID' => $id, 'post_title' => 'Saved again', 'post_name' => 'renamed']);
        $this->assertCount(1, $this->outbox());
        $this->assertSame(PostEvents::PUBLISHED, $this->outbox()[0]->type);
        $this->assertStringEndsWith('/renamed/', $this->outbox()[0]->url);
        $changes->setValue(null, []);
        wp_trash_post($id);
        $this->assertSame([], $this->outbox());
    }

    public function testTryAgainMakesGivenUpEventsDueUnlessALaterOneReplacedThem(): void
    {
        Outbox::add(PostEvents::PUBLISHED, 1, 'https://a.test/1');
        Outbox::refused(Outbox::claim(1)[0], 'HTTP 400');
        Outbox::add(PostEvents::PUBLISHED, 2, 'https://a.test/2');
        Outbox::refused(Outbox::claim(1)[0], 'HTTP 400');
        Outbox::add(PostEvents::UPDATED, 2, 'https://a.test/2');
        Outbox::retryAll();
        $this->assertSame([['1', PostEvents::PUBLISHED], ['2', PostEvents::UPDATED]], array_map(
            static function (object $event): array {
                return [$event->post_id, $event->type];
            },
            Outbox::claim(10)
        ));
    }

    public function testDisconnectingLeavesNoNoteOfAPause(): void
    {
        $this->add(1);
        $this->answer = function (): array {
            return $this->json(410, []);
        };
        Delivery::run();
        $this->assertIsArray(get_option('peerpress_delivery'));
        Delivery::stop();
        Connection::forget();
        $this->assertFalse(get_option('peerpress_delivery'));
    }

    private function accept(array $body): array
    {
        $receipt = ['accepted' => count($body['events'] ?? []), 'repeated' => 0, 'refused' => []];
        return $this->json(202, 'batch' === $body['type'] ? $receipt : ['accepted' => true]);
    }

    private function json(int $status, array $body, array $headers = []): array
    {
        return [
            'response' => ['code' => $status, 'message' => ''],
            'headers' => $headers,
            'body' => wp_json_encode((object) $body),
            'cookies' => [],
        ];
    }

    private function add(int $count, int $first = 1): void
    {
        for ($n = $first; $n < $first + $count; $n++) {
            Outbox::add(PostEvents::PUBLISHED, $n, "https://a.test/$n");
        }
    }

    /** As if a day had passed. */
    private function elapse(): void
    {
        $this->query('UPDATE ' . Outbox::table() . ' SET next_attempt_at = next_attempt_at - INTERVAL 1 DAY
            WHERE next_attempt_at IS NOT NULL');
        $state = get_option('peerpress_delivery');
        if (is_array($state) && null !== $state['until']) {
            update_option('peerpress_delivery', ['until' => time()] + $state);
        }
    }
}
