<?php

namespace PeerPress\Tests\Server;

use PeerPress\Server\Connection;
use PeerPress\Server\MemberProof;
use PeerPress\Server\ServerRequest;
use PeerPress\Server\Signature;
use PeerPress\Tests\WordPressTestCase;

final class MemberProofTest extends WordPressTestCase
{
    public function testAnswersAChallengeWithTheSecretOfTheConnection(): void
    {
        $this->connect();
        $connection = Connection::current();
        $nonce = str_repeat('n', 43);
        $host = (string) wp_parse_url(ServerRequest::home(), PHP_URL_HOST);
        $mac = Signature::of($connection->secret(), "peerpress-member\n$connection->site\n$host\n$nonce");
        $this->assertSame($mac, base64_decode(strtr((string) MemberProof::answer($nonce), '-_', '+/')));
        $this->assertNotSame(MemberProof::answer($nonce), MemberProof::answer(str_repeat('m', 43)));
    }

    /** @dataProvider others */
    public function testAnswersNothingElse($nonce): void
    {
        $this->connect();
        $this->assertNull(MemberProof::answer($nonce));
    }

    public function others(): array
    {
        return [
            'empty' => [''],
            'a list' => [[str_repeat('n', 43)]],
            'too long' => [str_repeat('n', 44)],
            'a line break at its end' => [str_repeat('n', 42) . "\n"],
            'other characters' => [str_repeat('.', 43)],
        ];
    }

    public function testAnswersNothingWithoutAConnection(): void
    {
        Connection::forget();
        $this->assertNull(MemberProof::answer(str_repeat('n', 43)));
    }
}
