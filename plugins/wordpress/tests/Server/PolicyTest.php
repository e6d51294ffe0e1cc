<?php

namespace PeerPress\Tests\Server;

use PeerPress\Page\PageCaches;
use PeerPress\Server\Connection;
use PeerPress\Server\Policy;
use PeerPress\Tests\WordPressTestCase;

final class PolicyTest extends WordPressTestCase
{
    private const HOOK = 'peerpress_policy';

    /** @var array[] Decoded bodies of the requests to the server, with their addresses. */
    private array $sent = [];
    /** @var int|\WP_Error What the server answers. */
    private $answer = 200;

    protected function setUp(): void
    {
        parent::setUp();
        wp_unschedule_hook(self::HOOK);
        add_filter('pre_http_request', [$this, 'onRequest'], 10, 3);
    }

    protected function tearDown(): void
    {
        remove_filter('pre_http_request', [$this, 'onRequest']);
        remove_action('shutdown', [PageCaches::class, 'purge'], 5);
        parent::tearDown();
    }

    /** Stands where the server stands. */
    public function onRequest($earlier, array $request, string $url)
    {
        $this->sent[] = ['url' => $url] + json_decode($request['body'], true);
        return is_int($this->answer)
            ? ['response' => ['code' => $this->answer], 'headers' => [], 'body' => '{}', 'cookies' => []]
            : $this->answer;
    }

    public function testAChangeIsSentAtOnceAndOnce(): void
    {
        $this->connect();
        Policy::changed();
        $this->assertSame([[
            'url' => 'http://127.0.0.1:9/v1/sites/abcdefgh12345678/policy',
            'home_url' => get_option('home'),
            'mode' => 'full',
            'consent' => 'assumed',
        ]], $this->sent);
        $this->assertTrue(Policy::isTaken());
        $this->assertSame(5, has_action('shutdown', [PageCaches::class, 'purge']));
        Policy::changed();
        Policy::ensureSent();
        $this->assertCount(1, $this->sent);
        $this->assertFalse(wp_next_scheduled(self::HOOK));
    }

    public function testAnAnswerThatComesAfterTheSiteWasDisconnectedLeavesNothing(): void
    {
        global $wpdb;
        $this->connect();
        $disconnect = static function ($earlier) use ($wpdb) {
            // As another process does, past the cache of this one.
            $wpdb->delete($wpdb->options, ['option_name' => 'peerpress_connection']);
            return $earlier;
        };
        add_filter('pre_http_request', $disconnect, 5);
        Policy::send();
        remove_filter('pre_http_request', $disconnect, 5);
        wp_cache_flush();
        $this->assertFalse(get_option('peerpress_policy'));
        $this->assertFalse(wp_next_scheduled(self::HOOK));
    }

    /** @dataProvider failures */
    public function testWhatTheServerDidNotTakeIsSentAgainLessAndLessOften($failure): void
    {
        $this->connect();
        $this->answer = $failure;
        $delays = [];
        for ($i = 0; $i < 8; $i++) {
            $time = time();
            Policy::send();
            $delays[] = wp_next_scheduled(self::HOOK) - $time;
        }
        $expected = [60, 120, 240, 480, 960, 1920, 3600, 3600];
        foreach ($expected as $i => $delay) {
            $this->assertEqualsWithDelta($delay, $delays[$i], 2);
        }
        $this->assertFalse(Policy::isTaken());
        $this->answer = 200;
        do_action(self::HOOK);
        $this->assertTrue(Policy::isTaken());
        $this->assertFalse(wp_next_scheduled(self::HOOK));
    }

    public function failures(): array
    {
        return [
            'unreachable' => [new \WP_Error('http_request_failed', 'no route')],
            'failed' => [500],
            'a server of release 0.1' => [404],
            'signed by a clock that was set back' => [409],
        ];
    }

    public function testTheLatestPolicyIsSentNotEachChange(): void
    {
        $this->connect();
        $this->answer = 500;
        update_option('peerpress_assistance', ['mode' => 'off', 'control' => 5]);
        Policy::changed();
        update_option('peerpress_assistance', ['mode' => 'seeds-only', 'control' => 5]);
        Connection::current()->choose('required');
        $this->answer = 200;
        do_action(self::HOOK);
        $this->assertSame(['off', 'seeds-only'], array_column($this->sent, 'mode'));
        $this->assertSame(['assumed', 'required'], array_column($this->sent, 'consent'));
        $this->assertSame('http://127.0.0.1:9', Connection::current()->server);
    }

    public function testALostCronEntryAndAnUpdatedSiteSendTheirPolicyAllTheSame(): void
    {
        $this->connect();
        $this->assertFalse(wp_next_scheduled(self::HOOK));
        $this->assertNotFalse(has_action('init', [Policy::class, 'ensureSent']));
        Policy::ensureSent();
        $this->assertNotFalse(wp_next_scheduled(self::HOOK));
        $this->assertSame([], $this->sent);
    }

    public function testAServerThatRecordedThePolicyWhileConnectingIsNotToldAgain(): void
    {
        $this->connect();
        Policy::connected(self::ANSWER + ['mode' => 'full', 'consent' => 'assumed']);
        $this->assertTrue(Policy::isTaken());
        $this->assertSame([], $this->sent);
        // Meanwhile the owner switched it off.
        update_option('peerpress_assistance', ['mode' => 'off', 'control' => 5]);
        Policy::connected(self::ANSWER + ['mode' => 'full', 'consent' => 'assumed']);
        $this->assertSame(['off'], array_column($this->sent, 'mode'));
    }

    public function testAnotherServerHasNotHeardOfIt(): void
    {
        $this->connect();
        Policy::send();
        $answer = array_merge(self::ANSWER, ['site' => 'zyxwvuts87654321']);
        $this->assertTrue(Connection::accept($answer, Connection::ASSUMED, self::ANSWER['server']));
        $this->assertFalse(Policy::isTaken());
    }

    public function testWithoutAConnectionNobodyIsContacted(): void
    {
        Policy::changed();
        Policy::ensureSent();
        $this->assertSame([], $this->sent);
        $this->assertFalse(wp_next_scheduled(self::HOOK));
    }
}
