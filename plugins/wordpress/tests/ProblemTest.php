<?php

namespace PeerPress\Tests;

use PeerPress\Problem;

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
