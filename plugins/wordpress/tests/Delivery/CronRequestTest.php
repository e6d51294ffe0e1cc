<?php

namespace PeerPress\Tests\Delivery;

use PeerPress\Delivery\CronRequest;
use PeerPress\Tests\WordPressTestCase;

final class CronRequestTest extends WordPressTestCase
{
    /** @var resource */
    private $server;
    private string $url;

    protected function setUp(): void
    {
        parent::setUp();
        $this->connect();
        $this->server = stream_socket_server('tcp://127.0.0.1:0');
        $this->url = 'http://' . stream_socket_get_name($this->server, false);
        add_filter('site_url', [$this, 'siteUrl'], 10, 2);
    }

    protected function tearDown(): void
    {
        remove_filter('site_url', [$this, 'siteUrl']);
        fclose($this->server);
        parent::tearDown();
    }

    public function siteUrl(string $url, string $path): string
    {
        return "$this->url/$path";
    }

    public function testTheRequestIsSentWholeAndItsConnectionClosedWithoutAnAnswer(): void
    {
        $before = did_action('http_api_curl');
        $answer = wp_remote_post(site_url('wp-cron.php?doing_wp_cron=1.5'), [
            'blocking' => false,
            'headers' => ['Authorization' => 'Basic abc'],
        ]);
        $this->assertIsArray($answer);
        $this->assertSame($before, did_action('http_api_curl'), 'WordPress would wait for the answer');
        // The test server accepts the connection only now: nobody has waited for it.
        $request = stream_get_contents(stream_socket_accept($this->server, 5));
        $this->assertStringStartsWith("POST /wp-cron.php?doing_wp_cron=1.5 HTTP/1.1\r\n", $request);
        $this->assertStringContainsString("\r\nHost: " . substr($this->url, strlen('http://')) . "\r\n", $request);
        $this->assertStringContainsString("\r\nAuthorization: Basic abc\r\n", $request);
        $this->assertStringEndsWith("\r\n\r\n", $request);
    }

    public function testOtherRequestsAndRequestsThatSomebodyWaitsForAreLeftToWordPress(): void
    {
        $cron = site_url('wp-cron.php');
        $this->assertFalse(CronRequest::send(false, ['blocking' => true], $cron));
        $this->assertFalse(CronRequest::send(false, [], $cron));
        $this->assertFalse(CronRequest::send(false, ['blocking' => false], 'https://elsewhere.test/wp-cron.php'));
        $this->assertFalse(CronRequest::send(false, ['blocking' => false], site_url('index.php')));
        $this->assertSame('other', CronRequest::send('other', ['blocking' => false], $cron));
        delete_option('peerpress_connection');
        $this->assertFalse(CronRequest::send(false, ['blocking' => false], $cron));
    }

    public function testWordPressSendsTheRequestIfTheConnectionIsRefused(): void
    {
        $cron = site_url('wp-cron.php');
        fclose($this->server);
        $this->assertFalse(CronRequest::send(false, ['blocking' => false], $cron));
        $this->server = stream_socket_server('tcp://127.0.0.1:0');
    }
}
