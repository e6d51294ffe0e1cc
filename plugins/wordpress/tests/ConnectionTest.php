<?php

namespace PeerPress\Tests;

use PeerPress\Connection;
use PeerPress\Outbox;
use PeerPress\PostEvents;
use PeerPress\ServerAddress;

final class ConnectionTest extends WordPressTestCase
{
    /** @dataProvider wrongAnswers */
    public function testAnAnswerOfNoPeerPressServerChangesNothing($answer): void
    {
        $this->assertFalse(Connection::accept($answer, Connection::REQUIRED));
        $this->assertNull(Connection::current());
    }

    public function wrongAnswers(): array
    {
        $cases = ['nothing' => [null], 'text' => ['<html>'], 'empty' => [[]]];
        foreach (array_keys(self::ANSWER) as $field) {
            $cases["without $field"] = [array_diff_key(self::ANSWER, [$field => true])];
            $cases["with a wrong $field"] = [array_merge(self::ANSWER, [$field => "x\n"])];
            $cases["with a list as $field"] = [array_merge(self::ANSWER, [$field => ['x']])];
        }
        return $cases;
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
        Connection::accept(array_merge(self::ANSWER, ['site' => 'zyxwvuts87654321']), Connection::ASSUMED);
        $this->assertSame([], $this->outbox());
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
