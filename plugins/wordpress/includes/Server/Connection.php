<?php

namespace PeerPress\Server;

use PeerPress\Delivery\Delivery;
use PeerPress\Delivery\Outbox;

/**
 * The server that this site is connected to. Pages need all of it but the secret, which has an option of its own that
 * is not loaded with every page.
 */
final class Connection
{
    /** A reader's browser takes part unless the reader objects. */
    public const ASSUMED = 'assumed';
    /** A notice tells the reader first; the reader's browser takes part until the reader refuses. */
    public const NOTICE = 'notice';
    /** A reader's browser takes part after the reader agreed. */
    public const REQUIRED = 'required';

    /** All of them. */
    public const POLICIES = [self::ASSUMED, self::NOTICE, self::REQUIRED];

    private const OPTION = 'peerpress_connection';
    private const SECRET_OPTION = 'peerpress_webhook_secret';
    private const SECRET = '#^whsec_[A-Za-z0-9+/]{32,}={0,2}$#D';

    /** The site's id on the server. */
    public string $site;
    /** Origin of the server, no trailing slash. */
    public string $server;
    /** The site's Ed25519 public key, base64url. */
    public string $publicKey;
    /** One of POLICIES. */
    public string $consent;

    /** `HomeCheck::here()` where the connection was made; empty until a release that stores it has sent something. */
    public string $home;
    /** `HomeCheck::here()` where the server last refused this WordPress; empty when it never did. */
    public string $refusedHome;

    private function __construct(array $fields)
    {
        $this->site = $fields['site'];
        $this->server = $fields['server'];
        $this->publicKey = $fields['publicKey'];
        $this->consent = $fields['consent'];
        $this->home = is_string($fields['home'] ?? null) ? $fields['home'] : '';
        $this->refusedHome = is_string($fields['refusedHome'] ?? null) ? $fields['refusedHome'] : '';
    }

    /**
     * The connection; null before the owner connected, when what is stored is damaged, and while this WordPress runs at
     * another address than the one it was connected at.
     */
    public static function current(): ?self
    {
        $connection = self::stored();
        return null === $connection || HomeCheck::isElsewhere($connection) ? null : $connection;
    }

    /** The connection, wherever it was made. */
    public static function stored(): ?self
    {
        $fields = get_option(self::OPTION);
        return self::isStorable($fields) ? new self($fields) : null;
    }

    /** The same as the database has it now: another process may have changed it since this one read it. */
    public static function storedNow(): ?self
    {
        wp_cache_delete('alloptions', 'options');
        wp_cache_delete(self::OPTION, 'options');
        return self::stored();
    }

    /** Whether something is stored that is no connection. The plugin does nothing then. */
    public static function isDamaged(): bool
    {
        $fields = get_option(self::OPTION);
        return false !== $fields && ! self::isStorable($fields);
    }

    /**
     * Stores what the server answered. Events for another site or server are dropped.
     *
     * @param mixed  $answer Decoded JSON of POST /v1/connect.
     * @param string $server The address that answered. The one in the answer is what the server believes its address
     *                       to be, which is wrong behind a proxy that it does not know.
     * @return bool False when the answer is not one of a PeerPress server; nothing has changed then.
     */
    public static function accept($answer, string $consent, string $server): bool
    {
        $fields = ['server' => $server, 'consent' => $consent] + (is_array($answer) ? $answer : []);
        $fields = array_intersect_key($fields, ['site' => 1, 'server' => 1, 'publicKey' => 1, 'consent' => 1]);
        if (! self::isStorable($fields) || ! self::matches($answer['webhookSecret'] ?? null, self::SECRET)) {
            return false;
        }
        $before = self::stored();
        $fields['home'] = HomeCheck::here();
        if (null !== $before && [$before->site, $before->server] !== [$fields['site'], $fields['server']]) {
            Outbox::clear();
        }
        update_option(self::OPTION, $fields, true);
        update_option(self::SECRET_OPTION, $answer['webhookSecret'], false);
        Delivery::start();
        return true;
    }

    /** Replaces the consent policy. */
    public function choose(string $consent): void
    {
        $this->store(['consent' => $consent]);
    }

    /** The server took a message from here: an older release of this plugin did not store where the site is. */
    public function confirmHome(): void
    {
        if ('' === $this->home && '' !== HomeCheck::here()) {
            $this->store(['home' => HomeCheck::here()]);
        }
    }

    /** The server says that this WordPress is not the site that is connected. */
    public function refuseHome(): void
    {
        $this->store(['refusedHome' => HomeCheck::here()]);
    }

    /**
     * Changes some fields of the stored connection. Another process may have ended it, or changed others, since this
     * one read it: a message to the server takes seconds.
     *
     * @param array<string, string> $change
     */
    private function store(array $change): void
    {
        foreach ($change as $field => $value) {
            $this->$field = $value;
        }
        $stored = self::storedNow();
        if (null !== $stored && [$stored->site, $stored->server] === [$this->site, $this->server]) {
            update_option(self::OPTION, $change + get_object_vars($stored), true);
        }
    }

    /** Forgets the server and its secret. */
    public static function forget(): void
    {
        delete_option(self::OPTION);
        delete_option(self::SECRET_OPTION);
    }

    /** The secret that events are signed with, `whsec_` and base64. */
    public function secret(): string
    {
        $secret = get_option(self::SECRET_OPTION, '');
        return is_string($secret) ? $secret : '';
    }

    /**
     * Another plugin, a migration or a hand may have changed the option: it is checked like an answer.
     *
     * @param mixed $fields
     */
    private static function isStorable($fields): bool
    {
        return is_array($fields)
            && self::matches($fields['site'] ?? null, '/^[a-z0-9]{16}$/D')
            && self::matches($fields['publicKey'] ?? null, '/^[A-Za-z0-9_-]{43}$/D')
            && self::matches($fields['server'] ?? null, '#^https?://[^/?\#\s]+$#D')
            && in_array($fields['consent'] ?? null, self::POLICIES, true);
    }

    /** @param mixed $value */
    private static function matches($value, string $pattern): bool
    {
        return is_string($value) && 1 === preg_match($pattern, $value);
    }
}
