<?php

namespace PeerPress\Tests\Server;

use PeerPress\Admin\Settings;
use PeerPress\Server\Connection;
use PeerPress\Server\HomeCheck;
use PeerPress\Tests\WordPressTestCase;

final class HomeCheckTest extends WordPressTestCase
{
    /** @dataProvider homes */
    public function testOnlyAnotherAddressPausesTheConnection(string $before, string $now, bool $isPaused): void
    {
        $this->withHome($before, function (): void {
            $this->connect();
        });
        $this->withHome($now, function () use ($isPaused): void {
            $this->assertSame($isPaused, null === Connection::current());
            $this->assertNotNull(Connection::stored());
        });
    }

    public function homes(): array
    {
        return [
            'the same' => ['https://a.test', 'https://a.test', false],
            'another scheme' => ['http://a.test', 'https://a.test', false],
            'with www' => ['http://a.test', 'https://www.a.test/', false],
            'another host' => ['https://a.test', 'https://staging.a.test', true],
            'another port' => ['http://a.test', 'http://a.test:8080', true],
            'another path' => ['https://a.test/blog', 'https://a.test/staging', true],
            'no host, as in a process without a request' => ['https://a.test', 'https://', false],
        ];
    }

    public function testAConnectionOfAnOlderReleaseLearnsItsAddressFromTheFirstMessageThatIsTaken(): void
    {
        $this->connect();
        $fields = get_option('peerpress_connection');
        unset($fields['home']);
        update_option('peerpress_connection', $fields);
        $this->assertSame('', Connection::current()->home);
        Connection::current()->confirmHome();
        $this->assertSame(HomeCheck::here(), Connection::current()->home);
    }

    public function testTheSettingsPageOffersNoOtherConnectionBeforeTheQuestionIsAnswered(): void
    {
        require_once ABSPATH . 'wp-admin/includes/admin.php';
        wp_set_current_user(1);
        $this->connect();
        $this->withHome('https://moved.test', function (): void {
            $this->assertStringNotContainsString('peerpress_connect', $this->settings());
            Connection::forget();
            $this->assertStringContainsString('peerpress_connect', $this->settings());
        });
    }

    private function settings(): string
    {
        ob_start();
        Settings::show();
        return ob_get_clean();
    }

    private function withHome(string $home, callable $work): void
    {
        $filter = static function () use ($home): string {
            return $home;
        };
        add_filter('option_home', $filter, PHP_INT_MAX);
        try {
            $work();
        } finally {
            remove_filter('option_home', $filter, PHP_INT_MAX);
        }
    }
}
