<?php

namespace PeerPress\Tests\Server;

use PeerPress\Admin\ReceiptText;
use PeerPress\Admin\Receipts;
use PeerPress\Admin\SiteHealth;
use PeerPress\Delivery\Outbox;
use PeerPress\Server\Connection;
use PeerPress\Server\ServerRequest;
use PeerPress\Tests\WordPressTestCase;

final class HostileServerTest extends WordPressTestCase
{
    /** @var array[] Arguments of the requests. */
    private array $requests = [];
    private array $headers = [];
    private bool $isSilent = false;

    protected function setUp(): void
    {
        parent::setUp();
        $this->connect();
        add_filter('pre_http_request', [$this, 'intercept'], 10, 2);
    }

    protected function tearDown(): void
    {
        remove_filter('pre_http_request', [$this, 'intercept']);
        parent::tearDown();
    }

    public function intercept($answer, array $arguments)
    {
        $this->requests[] = $arguments;
        if ($this->isSilent) {
            return new \WP_Error('http_request_failed', 'timed out');
        }
        $response = ['code' => 200, 'message' => ''];
        return ['response' => $response, 'headers' => $this->headers, 'body' => '{}', 'cookies' => []];
    }

    public function testEachRequestLimitsTheAnswerAndFollowsNoRedirection(): void
    {
        ServerRequest::post(Connection::current(), 'receipts', ['posts' => ['1']]);
        SiteHealth::server();
        SiteHealth::worker();
        $this->assertSame([MB_IN_BYTES], array_unique(array_column($this->requests, 'limit_response_size')));
        $this->assertSame([0], array_unique(array_column($this->requests, 'redirection')));
        $this->assertCount(3, array_column($this->requests, 'limit_response_size'));
    }

    public function testAServerThatDoesNotAnswerIsAskedForReceiptsOnceInAWhile(): void
    {
        wp_set_current_user(1);
        $this->isSilent = true;
        $post = wp_insert_post(['post_title' => 'A post', 'post_status' => 'publish']);
        $this->query('UPDATE ' . Outbox::table() . ' SET delivered_at = created_at');
        $request = new \WP_REST_Request('GET', '/peerpress/v1/receipts');
        $request->set_param('posts', [$post]);
        foreach ([1, 1] as $requests) {
            $this->assertSame('unknown', rest_do_request($request)->get_data()[0]['state']);
            $this->assertCount($requests, $this->requests);
        }
        // As Retry does.
        Receipts::forget($post);
        rest_do_request($request);
        $this->assertCount(2, $this->requests);
    }

    public function testAHeaderThatIsSentTwiceBreaksNoTestOfSiteHealth(): void
    {
        $now = gmdate('D, d M Y H:i:s') . ' GMT';
        $this->headers = ['date' => [$now, $now], 'content-type' => ['text/html', 'text/javascript']];
        $this->assertSame('good', SiteHealth::server()['status']);
        $this->assertSame('good', SiteHealth::worker()['status']);
    }

    public function testAReceiptOfWrongTypesAndLongTextsBecomesAShortText(): void
    {
        $post = get_post(wp_insert_post(['post_title' => 'A post', 'post_status' => 'publish']));
        $long = str_repeat('é', 100000);
        $receipts = [
            ['result' => ['published'], 'version' => [], 'leftOut' => 'none'],
            ['result' => 'published', 'version' => [1], 'assets' => [], 'at' => 7],
            ['result' => 'failed', 'message' => $long, 'code' => [], 'version' => 'x', 'leftOut' => [[], 1]],
            ['result' => 'published', 'leftOut' => [['url' => $long, 'reason' => $long, 'count' => []]]],
        ];
        foreach ($receipts as $receipt) {
            $text = ReceiptText::of($post, null, $receipt);
            $this->assertLessThan(1500, mb_strlen($text['text'] . implode('', $text['details'])));
        }
    }
}
