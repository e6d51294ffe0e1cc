<?php

namespace PeerPress\Tests\Server;

use PeerPress\Admin\Notices;
use PeerPress\Server\ConnectFlow;
use PeerPress\Server\Connection;
use PeerPress\Tests\WordPressTestCase;

final class ConnectFlowTest extends WordPressTestCase
{
    private const SERVER = 'http://127.0.0.1:9';

    /** @var string[] Addresses of the requests. */
    private array $requests = [];
    /** @var array<string, array|\WP_Error> Answers by path. */
    private array $answers = [];

    protected function setUp(): void
    {
        parent::setUp();
        require_once ABSPATH . 'wp-admin/includes/admin.php';
        wp_set_current_user(1);
        $this->requests = [];
        $this->answers = ['/healthz' => $this->answer("ok\n"), '/v1/connect' => $this->json(self::ANSWER)];
        add_filter('pre_http_request', [$this, 'intercept'], 10, 3);
        add_filter('wp_redirect', [$this, 'stop']);
    }

    protected function tearDown(): void
    {
        remove_filter('pre_http_request', [$this, 'intercept']);
        remove_filter('wp_redirect', [$this, 'stop']);
        $_GET = $_POST = $_REQUEST = [];
        parent::tearDown();
    }

    public function intercept($answer, array $arguments, string $url)
    {
        $this->requests[] = $url;
        return $this->answers[(string) wp_parse_url($url, PHP_URL_PATH)] ?? $this->answer('');
    }

    /** A redirection ends the request: here it ends the call. */
    public function stop(string $location): string
    {
        throw new \DomainException($location);
    }

    public function testConnectingRedirectsToAServerThatAnswers(): void
    {
        $location = $this->begin();
        $this->assertSame([self::SERVER . '/healthz'], $this->requests);
        $this->assertStringStartsWith(self::SERVER . '/connect?', $location);
    }

    /** @dataProvider strangers */
    public function testConnectingDoesNotRedirectToAnAddressWithoutAPeerPressServer($answer, string $notice): void
    {
        $this->answers['/healthz'] = $answer;
        $this->assertSame($notice, $this->noticeOf($this->begin()));
        $this->assertSame('error', Notices::find($notice)[0]);
        $this->assertFalse(get_transient('peerpress_connect_1'));
    }

    public function strangers(): array
    {
        return [
            'nothing answers' => [new \WP_Error('http_request_failed', 'timed out'), 'unreachable'],
            'another web site' => [$this->answer('<!doctype html>'), 'no-server'],
            'an error page' => [$this->answer("ok\n", 404), 'no-server'],
            'a redirection' => [$this->answer('', 301), 'no-server'],
            'a page that says okay' => [$this->answer('okay'), 'no-server'],
        ];
    }

    public function testTheCodeIsRedeemedOnceAtTheServerThatTheOwnerWasRedirectedTo(): void
    {
        parse_str((string) wp_parse_url($this->begin(), PHP_URL_QUERY), $fields);
        $this->assertSame('connected', $this->finish(['state' => $fields['state'], 'code' => 'a-code']));
        $this->assertSame(self::ANSWER['site'], Connection::current()->site);
        $this->assertSame('wrong-state', $this->finish(['state' => $fields['state'], 'code' => 'a-code']));
        $this->assertCount(1, preg_grep('#/v1/connect$#', $this->requests));
    }

    public function testAServerThatDoesNotApproveLeavesTheSiteUnconnected(): void
    {
        parse_str((string) wp_parse_url($this->begin(), PHP_URL_QUERY), $fields);
        $this->assertSame('denied', $this->finish(['state' => $fields['state']]));
        $this->assertNull(Connection::current());
    }

    /** @dataProvider damagedTransients */
    public function testADamagedTransientIsNoConnectionThatWasBegun($stored): void
    {
        set_transient('peerpress_connect_1', $stored, HOUR_IN_SECONDS);
        $this->assertSame('wrong-state', $this->finish(['state' => 'a-state', 'code' => 'a-code']));
        $this->assertSame([], $this->requests);
        $this->assertNull(Connection::current());
    }

    public function damagedTransients(): array
    {
        $begun = [
            'state' => 'a-state',
            'verifier' => 'a-verifier',
            'server' => self::SERVER,
            'consent' => 'assumed',
            'hasMoved' => false,
        ];
        return [
            'a text' => ['a-state'],
            'an empty list' => [[]],
            'a state of another type' => [['state' => ['a-state']] + $begun],
            'no verifier' => [array_diff_key($begun, ['verifier' => 1])],
            'a server of another type' => [['server' => 7] + $begun],
            'an address that is no origin' => [['server' => 'http://127.0.0.1:9/path'] + $begun],
            'another scheme' => [['server' => 'file:///etc/passwd'] + $begun],
            'an unknown policy' => [['consent' => 'anything'] + $begun],
        ];
    }

    /** Presses "Connect". Returns the address of the redirection. */
    private function begin(): string
    {
        $_POST = ['server' => self::SERVER . '/', 'consent' => 'assumed'];
        $_REQUEST = ['_wpnonce' => wp_create_nonce(ConnectFlow::CONNECT)];
        return $this->redirectionOf([ConnectFlow::class, 'begin']);
    }

    /** Opens the settings page with these fields. Returns the notice's code. */
    private function finish(array $fields): string
    {
        $_GET = $fields;
        return $this->noticeOf($this->redirectionOf([ConnectFlow::class, 'finish']));
    }

    private function redirectionOf(callable $work): string
    {
        try {
            $work();
        } catch (\DomainException $redirection) {
            return $redirection->getMessage();
        }
        $this->fail('nothing redirected');
    }

    private function noticeOf(string $location): string
    {
        parse_str((string) wp_parse_url($location, PHP_URL_QUERY), $fields);
        return $fields['peerpress-notice'] ?? '';
    }

    private function json(array $body): array
    {
        return $this->answer((string) wp_json_encode($body));
    }

    private function answer(string $body, int $status = 200): array
    {
        return ['response' => ['code' => $status, 'message' => ''], 'headers' => [], 'body' => $body, 'cookies' => []];
    }
}
