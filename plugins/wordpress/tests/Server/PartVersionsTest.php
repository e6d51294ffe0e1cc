<?php

namespace PeerPress\Tests\Server;

use PeerPress\Delivery\Delivery;
use PeerPress\Server\Connection;
use PeerPress\Server\PartVersions;
use PeerPress\Tests\WordPressTestCase;

final class PartVersionsTest extends WordPressTestCase
{
    private const HOOK = 'peerpress_versions';

    /** @var array[] Decoded bodies of the requests to the server, with their addresses. */
    private array $sent = [];
    /** @var int|\WP_Error The server's answer. */
    private $answer = 202;
    /** @var string[] Plugin files of the test. */
    private array $files = [];

    protected function setUp(): void
    {
        parent::setUp();
        wp_unschedule_hook(self::HOOK);
        delete_option('peerpress_versions');
        add_filter('pre_http_request', [$this, 'onRequest'], 10, 3);
        add_filter('option_active_plugins', [$this, 'withFiles']);
    }

    protected function tearDown(): void
    {
        remove_filter('pre_http_request', [$this, 'onRequest']);
        remove_filter('option_active_plugins', [$this, 'withFiles']);
        foreach ($this->files as $file) {
            unlink(WP_PLUGIN_DIR . "/$file");
            rmdir(dirname(WP_PLUGIN_DIR . "/$file"));
        }
        parent::tearDown();
    }

    /** Answers in place of the server. */
    public function onRequest($earlier, array $request, string $url)
    {
        if (0 !== strpos($url, self::ANSWER['server'])) {
            // WordPress looks for updates after one.
            return new \WP_Error('http_request_failed', 'no route');
        }
        $this->sent[] = ['url' => $url] + json_decode($request['body'], true);
        return is_int($this->answer)
            ? ['response' => ['code' => $this->answer], 'headers' => [], 'body' => '{}', 'cookies' => []]
            : $this->answer;
    }

    public function withFiles($active): array
    {
        return array_merge((array) $active, $this->files);
    }

    public function testVersionsOfTheTimeOfConnectingAreNotNews(): void
    {
        $this->connect();
        $this->plugin('pp-tea', '1.0');
        PartVersions::send();
        PartVersions::send();
        $this->assertSame([], $this->sent);
    }

    public function testANewVersionIsSentOnceAndSigned(): void
    {
        $this->connected();
        $this->plugin('pp-tea', '1.1');
        PartVersions::send();
        PartVersions::send();
        $this->assertCount(1, $this->sent);
        $event = $this->sent[0];
        $this->assertSame('http://127.0.0.1:9/v1/sites/abcdefgh12345678/events', $event['url']);
        $this->assertSame('site.released', $event['type']);
        $this->assertEqualsWithDelta(time(), strtotime($event['timestamp']), 5);
        $this->assertSame([['component' => 'plugin pp-tea', 'version' => '1.1']], $event['data']['releases']);
    }

    public function testAThemeAndAPluginThatIsSwitchedOnAreSentToo(): void
    {
        $this->connected();
        $this->plugin('pp-cake', '3');
        add_filter('stylesheet', $child = static fn (): string => 'pp-missing-theme');
        PartVersions::send();
        remove_filter('stylesheet', $child);
        // A theme whose files are missing has no version.
        $this->assertSame(['plugin pp-cake'], array_column($this->sent[0]['data']['releases'], 'component'));
        $parts = get_option('peerpress_versions')['versions'];
        $this->assertArrayNotHasKey('theme pp-missing-theme', $parts);
        PartVersions::send();
        $theme = wp_get_theme();
        $again = array_column($this->sent[1]['data']['releases'], 'version', 'component');
        $this->assertSame($theme->get('Version'), $again["theme {$theme->get_stylesheet()}"]);
    }

    /** @dataProvider failures */
    public function testAnEventThatDidNotArriveIsSentAgain($failure): void
    {
        $this->connected();
        $this->plugin('pp-tea', '1.1');
        $this->answer = $failure;
        PartVersions::send();
        $this->answer = 202;
        PartVersions::send();
        PartVersions::send();
        $this->assertCount(2, $this->sent);
        $this->assertSame($this->sent[0]['data'], $this->sent[1]['data']);
    }

    public function failures(): array
    {
        return [
            'unreachable' => [new \WP_Error('http_request_failed', 'no route')],
            'failed' => [500],
            'busy' => [503],
            'unknown secret' => [401],
            'a page of another web server' => [200],
        ];
    }

    public function testAServerThatRefusesTheEventIsNotAskedAgain(): void
    {
        $this->connected();
        $this->plugin('pp-tea', '1.1');
        $this->answer = 400;
        PartVersions::send();
        PartVersions::send();
        $this->assertCount(1, $this->sent);
        $this->plugin('pp-tea', '1.2');
        PartVersions::send();
        $this->assertCount(2, $this->sent);
    }

    public function testManyChangesAreSentInParts(): void
    {
        $this->connected();
        for ($i = 0; $i < 60; $i++) {
            $this->plugin("pp-many-$i", '1');
        }
        PartVersions::send();
        PartVersions::send();
        PartVersions::send();
        $counts = array_map(static fn (array $event): int => count($event['data']['releases']), $this->sent);
        $this->assertSame([50, 10], $counts);
    }

    public function testWhatTheServerWouldRefuseIsLeftOut(): void
    {
        $this->connected();
        $this->plugin('pp-html', '1<script>');
        $this->plugin('pp-formula', '=1+1');
        $this->plugin('pp-long', str_repeat('1', 60));
        $this->plugin('pp-none', '');
        $this->plugin('pp fancy näme', '1');
        PartVersions::send();
        $this->assertSame([], $this->sent);
        $this->plugin('pp-good', '1.0-beta+2 build');
        PartVersions::send();
        $this->assertSame('1.0-beta+2 build', $this->sent[0]['data']['releases'][0]['version']);
    }

    public function testTheOwnerSwitchesItOffAndOn(): void
    {
        $this->connected();
        $this->assertTrue(PartVersions::isOn());
        PartVersions::choose(false);
        $this->assertFalse(PartVersions::isOn());
        $this->plugin('pp-tea', '1.1');
        PartVersions::send();
        PartVersions::request();
        $this->assertFalse(wp_next_scheduled(self::HOOK));
        PartVersions::choose(true);
        PartVersions::send();
        $this->assertSame([], $this->sent);
        $this->plugin('pp-tea', '1.2');
        PartVersions::send();
        $this->assertCount(1, $this->sent);
    }

    public function testAnUpdateAsksForALookAndTheHourlyRunLooksToo(): void
    {
        PartVersions::request();
        $this->assertFalse(wp_next_scheduled(self::HOOK), 'without a connection');
        $this->connected();
        foreach (['upgrader_process_complete', 'activated_plugin', 'switch_theme'] as $hook) {
            wp_unschedule_hook(self::HOOK);
            // Others listen to these hooks, too, and need what really happened.
            $this->assertSame(20, has_action($hook, [PartVersions::class, 'request']), $hook);
            PartVersions::request();
            PartVersions::request();
            $this->assertNotFalse(wp_next_scheduled(self::HOOK), $hook);
        }
        $this->plugin('pp-tea', '2');
        Delivery::sweep();
        $this->assertSame(['site.released'], array_column($this->sent, 'type'));
    }

    public function testAnotherServerBeginsAnewAndNobodyIsAskedWithoutAConnection(): void
    {
        PartVersions::send();
        $this->connected();
        $answer = array_merge(self::ANSWER, ['site' => 'zyxwvuts87654321']);
        $this->assertTrue(Connection::accept($answer, Connection::ASSUMED, self::ANSWER['server']));
        $this->plugin('pp-tea', '5');
        PartVersions::send();
        $this->assertSame([], $this->sent);
        PartVersions::forget();
        $this->assertFalse(get_option('peerpress_versions'));
    }

    public function testADamagedRecordIsNoNews(): void
    {
        $this->connected();
        foreach (['text', ['versions' => 'text'], ['on' => 'x', 'versions' => [1, null]]] as $damaged) {
            update_option('peerpress_versions', $damaged);
            PartVersions::send();
        }
        $this->assertSame([], $this->sent);
    }

    /** Connects and records the versions of that time. */
    private function connected(): void
    {
        $this->connect();
        PartVersions::send();
    }

    /** Writes an active plugin. */
    private function plugin(string $slug, string $version): void
    {
        $file = "$slug/$slug.php";
        wp_mkdir_p(WP_PLUGIN_DIR . "/$slug");
        file_put_contents(WP_PLUGIN_DIR . "/$file", "<?php\n/*\nPlugin Name: Test\nVersion: $version\n*/\n");
        if (! in_array($file, $this->files, true)) {
            $this->files[] = $file;
        }
    }
}
