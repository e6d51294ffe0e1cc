<?php

namespace PeerPress\Tests\Server;

use PeerPress\Server\Problem;
use PeerPress\Tests\WordPressTestCase;

final class ProblemTest extends WordPressTestCase
{
    public function testGivesTheCodeOfARefusal(): void
    {
        $this->assertSame('stale', Problem::code(['body' => '{"code":"stale"}']));
    }

    public function testSilenceAndOtherAnswersHaveNoCode(): void
    {
        $this->assertSame('', Problem::code(new \WP_Error('http_request_failed', 'timed out')));
        $this->assertSame('', Problem::code(['body' => '{"code":["stale"]}']));
        $this->assertSame('', Problem::code(['body' => '<html>']));
    }
}
