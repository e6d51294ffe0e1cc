<?php

namespace PeerPress\Tests\Server;

use PeerPress\Admin\AdminNotices;
use PeerPress\Delivery\Outbox;
use PeerPress\Posts\PostEvents;
use PeerPress\Server\Connection;
use PeerPress\Server\HomeCheck;
use PeerPress\Server\ServerAddress;
use PeerPress\Tests\WordPressTestCase;

final class ConnectionTest extends WordPressTestCase
{
    /** @dataProvider wrongAnswers */
    public function testAnAnswerOfNoPeerPressServerChangesNothing($answer): void
    {
        $this->assertFalse(Connection::accept($answer, Connection::REQUIRED, 'http://127.0.0.1:9'));
        $this->assertNull(Connection::current());
    }

    public function wrongAnswers(): array
    {
        $cases = ['nothing' => [null], 'text' => ['<html>'], 'empty' => [[]]];
        foreach (['site', 'publicKey', 'webhookSecret'] as $field) {
            $cases["without $field"] = [array_diff_key(self::ANSWER, [$field => true])];
            $cases["with a wrong $field"] = [array_merge(self::ANSWER, [$field => "x\n"])];
            $cases["with a list as $field"] = [array_merge(self::ANSWER, [$field => ['x']])];
        }
        return $cases;
    }

    public function testTheAddressThatAnsweredIsStoredAndNotTheOneInTheAnswer(): void
    {
        $answer = array_merge(self::ANSWER, ['server' => 'http://0.0.0.0:4600']);
        $this->assertTrue(Connection::accept($answer, Connection::ASSUMED, 'https://peer.example.com'));
        $this->assertSame('https://peer.example.com', Connection::current()->server);
    }

    /** @dataProvider damagedOptions */
    public function testADamagedOptionDisablesThePluginWithANotice($stored): void
    {
        $this->connect();
        update_option('peerpress_connection', $stored);
        $this->assertNull(Connection::current());
        $this->assertTrue(Connection::isDamaged());
        $id = wp_insert_post(['post_title' => 'In spite of it', 'post_status' => 'publish']);
        $this->assertGreaterThan(0, $id);
        $this->assertSame([], $this->outbox());
        wp_set_current_user(1);
        ob_start();
        AdminNotices::show();
        $this->assertStringContainsString('settings are damaged', ob_get_clean());
    }

    public function damagedOptions(): array
    {
        $whole = ['server' => 'https://a.test'] + array_intersect_key(self::ANSWER, ['site' => 1, 'publicKey' => 1]);
        return [
            'text' => ['x'],
            'empty' => [[]],
            'a field missing' => [$whole],
            'an unknown policy' => [$whole + ['consent' => 'maybe']],
            'lists in it' => [array_map(static fn ($value) => [$value], $whole + ['consent' => 'assumed'])],
            'a server that is none' => [['server' => 'javascript:alert(1)', 'consent' => 'assumed'] + $whole],
        ];
    }

    public function testADamagedSecretSignsNothing(): void
    {
        $this->connect();
        update_option('peerpress_webhook_secret', ['x']);
        $this->assertSame('', Connection::current()->secret());
    }

    public function testTheSecretIsNotLoadedWithEveryPage(): void
    {
        $this->connect();
        wp_cache_flush();
        $this->assertArrayHasKey('peerpress_connection', wp_load_alloptions());
        $this->assertArrayNotHasKey('peerpress_webhook_secret', wp_load_alloptions());
        $this->assertSame(self::ANSWER['webhookSecret'], Connection::current()->secret());
    }

    public function testEventsSurviveConnectingTheSameSiteAgainButNotAnotherOne(): void
    {
        $this->connect();
        Outbox::add(PostEvents::PUBLISHED, 1, 'https://a.test/one');
        $this->connect();
        $this->assertCount(1, $this->outbox());
        Connection::accept(
            array_merge(self::ANSWER, ['site' => 'zyxwvuts87654321']),
            Connection::ASSUMED,
            'http://127.0.0.1:9'
        );
        $this->assertSame([], $this->outbox());
    }

    public function testWhatAnAnswerSaysOfTheAddressLeavesTheConsentThatWasChosenMeanwhile(): void
    {
        global $wpdb;
        $this->connect();
        $connection = Connection::current();
        $stricter = ['consent' => Connection::REQUIRED] + get_option('peerpress_connection');
        $row = ['option_value' => serialize($stricter)];
        $wpdb->update($wpdb->options, $row, ['option_name' => 'peerpress_connection']);
        $connection->refuseHome();
        wp_cache_flush();
        $this->assertSame(Connection::REQUIRED, Connection::stored()->consent);
        $this->assertSame(HomeCheck::here(), Connection::stored()->refusedHome);
    }

    /** @dataProvider addresses */
    public function testOnlyTheOriginOfAWebAddressIsKept(string $typed, ?string $kept): void
    {
        $this->assertSame($kept, ServerAddress::parse($typed));
    }

    public function addresses(): array
    {
        return [
            [' https://Peer.Example.com/ ', 'https://peer.example.com'],
            ['https://peer.example.com:8443/path?query', 'https://peer.example.com:8443'],
            ['http://[::1]:4600', 'http://[::1]:4600'],
            ['peer.example.com', null],
            ['ftp://peer.example.com', null],
            ['https://user:secret@peer.example.com', null],
            ['https://peer.example.com"><script>', null],
            ['', null],
        ];
    }

    public function testASecureSiteTakesNoInsecureServer(): void
    {
        $secure = static function (): string {
            return 'https://site.test';
        };
        add_filter('home_url', $secure);
        $address = ServerAddress::parse('http://peer.example.com');
        remove_filter('home_url', $secure);
        $this->assertNull($address);
    }
}
