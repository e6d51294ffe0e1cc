<?php

namespace PeerPress\Tests\Admin;

use PeerPress\Admin\SiteHealth;
use PeerPress\Tests\WordPressTestCase;

final class SiteHealthTest extends WordPressTestCase
{
    /** @var array|\WP_Error What every request is answered. */
    private $answer;

    protected function setUp(): void
    {
        parent::setUp();
        $this->connect();
        add_filter('pre_http_request', [$this, 'intercept']);
    }

    protected function tearDown(): void
    {
        remove_filter('pre_http_request', [$this, 'intercept']);
        parent::tearDown();
    }

    public function intercept()
    {
        return $this->answer;
    }

    public function testAServerThatDoesNotAnswerIsCriticalAndTheReasonIsNamed(): void
    {
        $this->answer = new \WP_Error('http_request_failed', 'could not resolve <host>');
        $result = SiteHealth::server();
        $this->assertSame('critical', $result['status']);
        $this->assertStringContainsString('http://127.0.0.1:9', $result['description']);
        $this->assertStringContainsString('could not resolve &lt;host&gt;', $result['description']);
    }

    public function testAServerThatIsNotReadyIsCritical(): void
    {
        $this->answer = $this->answered(503, []);
        $result = SiteHealth::server();
        $this->assertSame('critical', $result['status']);
        $this->assertStringContainsString('HTTP 503', $result['description']);
    }

    /** @dataProvider clocks */
    public function testClocksThatDifferAreReported(int $difference, string $status): void
    {
        $this->answer = $this->answered(200, ['date' => gmdate('D, d M Y H:i:s', time() + $difference) . ' GMT']);
        $this->assertSame($status, SiteHealth::server()['status']);
    }

    public function clocks(): array
    {
        return [
            'a little' => [30, 'good'],
            'two minutes ahead' => [120, 'recommended'],
            'two minutes behind' => [-120, 'recommended'],
            'an hour ahead' => [HOUR_IN_SECONDS, 'critical'],
            'an hour behind' => [-HOUR_IN_SECONDS, 'critical'],
        ];
    }

    /** @dataProvider noWorkers */
    public function testAnAnswerThatIsNoJavaScriptIsNoWorker(int $status, string $type): void
    {
        $this->answer = $this->answered($status, ['content-type' => $type]);
        $result = SiteHealth::worker();
        $this->assertSame('critical', $result['status']);
        $this->assertStringContainsString("HTTP $status, $type", $result['description']);
    }

    public function noWorkers(): array
    {
        return [
            'the home page' => [200, 'text/html; charset=UTF-8'],
            'a page of a security plugin' => [403, 'text/html'],
            'an error in JavaScript' => [404, 'text/javascript'],
            'another type that begins so' => [200, 'text/javascripture'],
        ];
    }

    public function testAWorkerThatCannotBeRequestedIsCritical(): void
    {
        $this->answer = new \WP_Error('http_request_failed', 'timed out');
        $result = SiteHealth::worker();
        $this->assertSame('critical', $result['status']);
        $this->assertStringContainsString('timed out', $result['description']);
    }

    public function testOverdueCronIsReportedIfTheOverdueEntryIsThePlugins(): void
    {
        wp_schedule_single_event(time() - 2 * HOUR_IN_SECONDS, 'another_plugins_hook');
        $this->assertSame('good', SiteHealth::cron()['status']);
        wp_unschedule_hook('peerpress_deliver');
        wp_schedule_single_event(time() - HOUR_IN_SECONDS, 'peerpress_deliver');
        $result = SiteHealth::cron();
        $this->assertSame('recommended', $result['status']);
        $this->assertStringContainsString('1 hour', $result['description']);
    }

    public function testASiteThatIsNotConnectedHasNoTests(): void
    {
        $this->assertArrayHasKey('peerpress_cron', SiteHealth::withTests([])['direct']);
        delete_option('peerpress_connection');
        $this->assertSame(['direct' => []], SiteHealth::withTests(['direct' => []]));
    }

    private function answered(int $status, array $headers): array
    {
        $response = ['code' => $status, 'message' => ''];
        return ['response' => $response, 'headers' => $headers, 'body' => '', 'cookies' => []];
    }
}
