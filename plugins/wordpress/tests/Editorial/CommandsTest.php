<?php

namespace PeerPress\Tests\Editorial;

use PeerPress\Editorial\CommandLog;
use PeerPress\Editorial\SeoFields;

require_once __DIR__ . '/EditorialTestCase.php';

final class CommandsTest extends EditorialTestCase
{
    public function testRefusesWhatTheServerDidNotSign(): void
    {
        $body = wp_json_encode(['command' => 'page.write', 'site' => self::ANSWER['site']]);
        $other = 'whsec_' . base64_encode(random_bytes(32));
        $this->assertSame('peerpress-bad-signature', $this->send($body, 'cmd_a', null, $other)->get_data()['code']);
        $this->assertSame('peerpress-bad-signature', $this->send($body, 'not an id')->get_data()['code']);
        $this->assertSame('peerpress-stale', $this->send($body, 'cmd_b', time() - 301)->get_data()['code']);
        $this->assertSame('peerpress-stale', $this->send($body, 'cmd_c', time() + 301)->get_data()['code']);
        $this->assertSame(401, $this->send($body, 'cmd_d', time() - 301)->get_status());
    }

    public function testRefusesMessagesThatAreNoCommandOfThisSite(): void
    {
        // A message of this site to the server, which somebody sends back.
        $own = wp_json_encode(['home_url' => 'https://blog.example', 'posts' => ['1']]);
        $this->assertSame('peerpress-bad-command', $this->send($own, 'msg_1')->get_data()['code']);
        $this->assertSame('peerpress-bad-command', $this->send('[]', 'cmd_1')->get_data()['code']);
        $foreign = wp_json_encode(['command' => 'page.write', 'site' => 'aaaaaaaaaaaaaaaa']);
        $this->assertSame('peerpress-other-site', $this->send($foreign, 'cmd_2')->get_data()['code']);
        $long = wp_json_encode(['command' => 'page.write', 'padding' => str_repeat('x', 256 * KB_IN_BYTES)]);
        $this->assertSame(413, $this->send($long, 'cmd_3')->get_status());
        $this->assertSame('peerpress-unknown-command', $this->command('post.delete', [])->get_data()['code']);
    }

    public function testCarriesOutACommandOnceHoweverOftenItArrives(): void
    {
        $post = $this->post();
        $fields = ['post' => (string) $post, 'title' => 'How bread rises', 'expected' => ['title' => null]];
        $first = $this->command('page.write', $fields, 'cmd_same')->get_data();
        $this->assertSame('written', $first['result']);
        delete_post_meta($post, SeoFields::OWN_TITLE);
        // Its replay gets the same answer and writes nothing.
        $this->assertSame($first, $this->command('page.write', $fields, 'cmd_same')->get_data());
        $this->assertNull(SeoFields::get($post, 'title'));
    }

    public function testAnswersThatACommandIsUnderWay(): void
    {
        $this->assertTrue(CommandLog::claim('cmd_busy'));
        $answer = $this->command('page.write', ['post' => '1', 'title' => 'x'], 'cmd_busy');
        $this->assertSame([409, 'peerpress-in-progress'], [$answer->get_status(), $answer->get_data()['code']]);
        CommandLog::release('cmd_busy');
        $this->assertTrue(CommandLog::claim('cmd_busy'));
    }

    public function testACommandThatFailsIsNotRemembered(): void
    {
        $fields = ['post' => '999999', 'title' => 'x'];
        $this->assertSame(404, $this->command('page.write', $fields, 'cmd_none')->get_status());
        $this->assertTrue(CommandLog::claim('cmd_none'));
    }

    public function testForgetsCommandsAfterAnHour(): void
    {
        global $wpdb;
        $this->assertTrue(CommandLog::claim('old'));
        $wpdb->query($wpdb->prepare(
            "UPDATE $wpdb->options SET option_value = %s WHERE option_name LIKE 'peerpress\\_command\\_%%'",
            (time() - HOUR_IN_SECONDS - 1) . '|{}'
        ));
        $this->assertTrue(CommandLog::claim('old'));
    }
}
