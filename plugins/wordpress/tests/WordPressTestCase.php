<?php

namespace PeerPress\Tests;

use PHPUnit\Framework\TestCase;
use PeerPress\Delivery\Outbox;
use PeerPress\Server\Connection;

/**
 * A test whose changes to the database are rolled back.
 */
abstract class WordPressTestCase extends TestCase
{
    protected const ANSWER = [
        'site' => 'abcdefgh12345678',
        'server' => 'http://127.0.0.1:9',
        'publicKey' => 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
        'webhookSecret' => 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
    ];

    protected function setUp(): void
    {
        $this->query('START TRANSACTION');
    }

    protected function tearDown(): void
    {
        $this->query('ROLLBACK');
        wp_set_current_user(0);
        unset($GLOBALS['current_screen']);
        wp_cache_flush();
    }

    protected function connect(): void
    {
        $this->assertTrue(Connection::accept(self::ANSWER, Connection::ASSUMED, 'http://127.0.0.1:9'));
    }

    /** The rows of the outbox, oldest first. */
    protected function outbox(): array
    {
        global $wpdb;
        return $wpdb->get_results('SELECT * FROM ' . Outbox::table() . ' ORDER BY id');
    }

    protected function query(string $statement): void
    {
        global $wpdb;
        $this->assertNotFalse($wpdb->query($statement), $wpdb->last_error);
    }
}
