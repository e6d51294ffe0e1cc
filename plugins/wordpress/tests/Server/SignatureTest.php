<?php

namespace PeerPress\Tests\Server;

use PHPUnit\Framework\TestCase;
use PeerPress\Server\Signature;

final class SignatureTest extends TestCase
{
    /** The example of https://github.com/standard-webhooks/standard-webhooks (its libraries' tests carry it too). */
    public function testSignsTheExampleOfTheSpecification(): void
    {
        $headers = Signature::headers(
            'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
            'msg_p5jXN8AQM9LWM0D4loKWxJek',
            1614265330,
            '{"test": 2432232314}'
        );
        $this->assertSame('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=', $headers['webhook-signature']);
        $this->assertSame('msg_p5jXN8AQM9LWM0D4loKWxJek', $headers['webhook-id']);
        $this->assertSame('1614265330', $headers['webhook-timestamp']);
    }
}
